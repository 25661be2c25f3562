// Whole searches on the synthetic table, in milliseconds each, and what they are worth.
import type { AlgorithmName, Objective } from '../../crds/index.ts';
import { createEngine, type EngineSpec } from '../../operator/search/index.ts';
import { infeasible, makeEngineSpec, scored } from './search.ts';
import { makeSyntheticTable, TABLE_SPACE } from './synthetic-table.ts';

const table = makeSyntheticTable();

export const ACCURATE_AND_SMALL: readonly Objective[] = [
  { metric: 'accuracy', goal: 'maximize' },
  { metric: 'parameters', goal: 'minimize' },
];

export interface TableSearch {
  readonly name: AlgorithmName;
  readonly settings?: EngineSpec['algorithm']['settings'];
  readonly seed: number;
  /** In flight, told in their order. */
  readonly parallelism?: number;
  readonly trials?: number;
  /** Weights of a feasible network: one that has more is found infeasible before it is trained. */
  readonly most?: number;
}

/** Accuracy and weights of every trial. */
export function searchTable(
  search: TableSearch,
  objectives: readonly Objective[] = ACCURATE_AND_SMALL.slice(0, 1),
) {
  const { name, settings = {}, seed, parallelism = 1, trials = 200, most = 54 } = search;
  const algorithm = { name, settings };
  const spec = makeEngineSpec({
    algorithm,
    seed,
    searchSpace: TABLE_SPACE,
    objectives: [...objectives],
  });
  const engine = createEngine(spec);
  let state = engine.initial;
  const values: [accuracy: number, weights: number][] = [];
  const inFlight: { index: number; genotype: string }[] = [];
  while (values.length < trials) {
    if (inFlight.length === parallelism) {
      const done = inFlight.shift()!;
      const all = values[done.index]!;
      const beyond = (all[1] - most) / most;
      const ended =
        beyond > 0 ? infeasible(done, beyond) : scored(done, ...all.slice(0, objectives.length));
      state = engine.tell(state, ended);
    }
    const asked = engine.ask(state);
    state = asked.state;
    inFlight.push(asked.proposal!);
    const { genotype } = asked.proposal!;
    values.push([table.score(genotype), table.weights(genotype)]);
  }
  return values;
}

export const bestAccuracy = (values: readonly (readonly [number, number])[]): number =>
  Math.max(...values.map(([accuracy]) => accuracy));

/** The part of (accuracy 0 to 1) x (weights 0 to 54) that some trial is at least as good as. */
export function hypervolume(values: readonly (readonly [number, number])[]): number {
  let volume = 0;
  let height = 0;
  let from = 0;
  for (const [accuracy, weights] of values.toSorted((a, b) => a[1] - b[1] || b[0] - a[0])) {
    if (accuracy <= height) continue;
    volume += height * (weights - from);
    [height, from] = [accuracy, weights];
  }
  return (volume + height * (54 - from)) / 54;
}
