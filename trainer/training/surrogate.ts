// What a stranger who has no access would attack with: a network of the same architecture and recipe that backpropagates
// throughout and began from another seed. Trained only where an attack by transfer asks for it, beside a checkpoint of its own.
import {
  KEPT_FILES,
  mapRules,
  parseGenotype,
  printGenotype,
  type TrialSpec,
} from '../../crds/index.ts';
import { ALONE } from '../program/index.ts';
import { openNetwork } from './open-network.ts';
import { trainNetwork } from './train-network.ts';
import type { OpenedData, Trained, TrialPorts } from './trial-ports.ts';

const CHECKPOINT = KEPT_FILES.surrogate;

export const surrogateSpec = (spec: TrialSpec): TrialSpec => ({
  ...spec,
  genotype: printGenotype(mapRules(parseGenotype(spec.genotype), () => 'BP')),
  seed: (spec.seed + 1) % 2 ** 32,
  training: { ...spec.training, alignment: false, gradientVariance: false },
});

/**
 * The caller closes its session. Undefined where it diverged. Rejects where the trainer is asked to end. The listener's
 * epochs are the surrogate's, not the trial's.
 */
export async function trainSurrogate(
  spec: TrialSpec,
  opened: OpenedData,
  ports: TrialPorts,
): Promise<Trained | undefined> {
  const { log, signal } = ports;
  log('training the surrogate that attacks by transfer come from');
  const surrogate = await openNetwork(surrogateSpec(spec), opened, { ...ports, worker: ALONE });
  let kind = 'failed';
  try {
    const training = { data: opened.data, ports, checkpoint: CHECKPOINT };
    const { outcome } = await trainNetwork(surrogate, training);
    kind = outcome.kind;
    if (kind === 'interrupted') signal.throwIfAborted();
  } finally {
    if (kind !== 'trained') surrogate.session.close();
  }
  return kind === 'trained' ? surrogate : undefined;
}
