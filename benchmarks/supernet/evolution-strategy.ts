// CPU time of a generation of CMA-ES, ask and tell alone, by candidates of an edge.
import { ask, init, tell } from '../../trainer/evolution-strategy/index.ts';
import { EDGES } from '../../trainer/network/index.ts';
import { Random } from '../../trainer/random.ts';

const GENERATIONS = 4;
const POPULATION = 50;

/** Seconds, over as many generations as decompose an even share of times. */
export function secondsOfGeneration(candidates: number): number {
  const n = 2 * EDGES * candidates;
  const random = Random.fromSeed(1);
  let state = init({ mean: Array(n).fill(1 / candidates), sigma: 0.05, population: POPULATION });
  const before = process.cpuUsage();
  for (let i = 0; i < GENERATIONS; i++) {
    const scored = ask(state, () => random.normal()).map((x) => ({
      x,
      loss: x.reduce((sum, each, k) => sum + (k + 1) * each ** 2, 0),
    }));
    state = tell(state, scored);
  }
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / GENERATIONS / 1e3) / 1e3;
}
