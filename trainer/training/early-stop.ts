// Whether a training ends before its last epoch, by the rule that its spec holds. A function of the epochs so far: a trainer that
// was killed after the decision comes to it again.
import { type Stop, stopAfter, type TrialSpec } from '../../crds/index.ts';
import type { LoopState } from './checkpoint.ts';

export function earlyStop(
  { stopping, fidelity }: Pick<TrialSpec, 'stopping' | 'fidelity'>,
  { history }: Pick<LoopState, 'history'>,
): Stop | undefined {
  if (stopping === undefined || history.length >= fidelity.epochs) return undefined;
  const curve = history.map(({ validationAccuracy, validationLoss }) =>
    stopping.metric === 'accuracy'
      ? (validationAccuracy ?? 0)
      : (validationLoss ?? Number.POSITIVE_INFINITY),
  );
  return stopAfter(stopping, curve);
}
