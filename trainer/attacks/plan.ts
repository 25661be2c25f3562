// From what a spec asks to single runs: one attack, one bound, one signal.
import type { AttackResult, Attack as AttackSpec } from '../../crds/index.ts';
import { POPULATION } from './one-pixel.ts';

export type AttackSignal = NonNullable<AttackResult['signal']>;

/** As in the result, but for what comes of it. */
export type AttackRun = Omit<AttackResult, 'accuracy'>;

const EPSILONS = { linf: [1, 2, 4, 8], l2: [32, 64, 128, 256] } as const;

interface Plan {
  /** Bounds and their norm. */
  readonly bounds: (spec: AttackSpec) => readonly Pick<AttackRun, 'norm' | 'bound'>[];
  readonly budget: (spec: AttackSpec) => number;
  readonly signals: readonly AttackSignal[];
}

const distances: Plan['bounds'] = ({ norm, epsilons = EPSILONS[norm] }) =>
  epsilons.map((bound) => ({ norm, bound }));

const following = (budget: Plan['budget']): Plan => ({
  bounds: distances,
  budget,
  signals: ['rules', 'exact'],
});

const PLANS: Readonly<Record<AttackSpec['name'], Plan>> = {
  fgsm: following(() => 1),
  pgd: following(({ steps = 20 }) => steps),
  tpgd: following(({ steps = 20 }) => steps),
  apgd: following(({ steps = 100 }) => steps),
  square: { bounds: distances, budget: ({ queries = 500 }) => queries, signals: [] },
  'one-pixel': {
    bounds: ({ pixels = [1] }) => pixels.map((bound) => ({ norm: 'l0', bound })),
    budget: ({ steps = 30 }) => (steps + 1) * POPULATION,
    signals: [],
  },
  transfer: { bounds: distances, budget: ({ steps = 20 }) => steps, signals: [] },
};

/**
 * In the order asked for, each once. `ownSignal`: whether the network sends another signal back than backpropagation;
 * where it does not, both are the same, and the exact one alone is followed.
 */
export function attackRuns(specs: readonly AttackSpec[], ownSignal: boolean): AttackRun[] {
  const runs = specs.flatMap((spec) => {
    const { bounds, budget, signals } = PLANS[spec.name];
    const followed = ownSignal ? signals : signals.filter((signal) => signal === 'exact');
    return bounds(spec).flatMap((bound) => {
      const run = { attack: spec.name, ...bound, budget: budget(spec) };
      return signals.length === 0 ? [run] : followed.map((signal) => ({ ...run, signal }));
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
