// From what a spec asks to single runs: one attack, one bound, one signal.
import type { AttackResult, Attack as AttackSpec } from '../../crds/index.ts';
import { ATTACK_TABLE } from './table.ts';

export type AttackSignal = NonNullable<AttackResult['signal']>;

/** As in the result, but for what comes of it. */
export type AttackRun = Omit<AttackResult, 'accuracy'>;

const EPSILONS = { linf: [1, 2, 4, 8], l2: [32, 64, 128, 256] } as const;

const SIGNALS: readonly AttackSignal[] = ['rules', 'exact'];

function boundsOf(spec: AttackSpec): Pick<AttackRun, 'norm' | 'bound'>[] {
  const pixels = ATTACK_TABLE[spec.name].pixels?.(spec);
  if (pixels !== undefined) return pixels.map((bound) => ({ norm: 'l0', bound }));
  const { norm, epsilons = EPSILONS[norm] } = spec;
  return epsilons.map((bound) => ({ norm, bound }));
}

/**
 * In the order asked for, each once. `ownSignal`: whether the network sends another signal back than backpropagation;
 * where it does not, both are the same, and the exact one alone is followed.
 */
export function attackRuns(specs: readonly AttackSpec[], ownSignal: boolean): AttackRun[] {
  const signals = ownSignal ? SIGNALS : SIGNALS.filter((signal) => signal === 'exact');
  const runs = specs.flatMap((spec) => {
    const { asks, budget } = ATTACK_TABLE[spec.name];
    return boundsOf(spec).flatMap((bound): AttackRun[] => {
      const run = { attack: spec.name, ...bound, budget: budget(spec) };
      return asks === 'slopes' ? signals.map((signal) => ({ ...run, signal })) : [run];
    });
  });
  return runs.filter((run, i) => runs.findIndex((other) => isSameRun(run, other)) === i);
}

export const isSameRun = (a: AttackRun, b: AttackRun): boolean =>
  a.attack === b.attack &&
  a.norm === b.norm &&
  a.bound === b.bound &&
  a.budget === b.budget &&
  a.signal === b.signal;
