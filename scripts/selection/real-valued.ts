// NSGA-II on real numbers, with bionas's selection and its author's variation: simulated binary crossover (Deb & Agrawal 1995) and
// polynomial mutation (Deb & Goyal 1996), bounded to [0, 1], both with index 20, as the paper has them.
import type { Objective } from '../../crds/index.ts';
import { fittest, type Placed } from '../../operator/search/fittest.ts';
import { Random } from '../../operator/search/index.ts';
import type { Problem } from './problems.ts';

const INDEX = 20;
const CROSSOVER = 0.9;

interface Point {
  readonly index: number;
  readonly objectives: readonly number[];
  readonly x: readonly number[];
  readonly violation?: number;
}

export interface Run {
  readonly population: number;
  readonly generations: number;
  readonly seed: number;
}

/** Metrics by name only: what counts is that all are minimised. */
export const minimised = (count: number): Objective[] =>
  (['loss', 'parameters', 'macs'] as const)
    .slice(0, count)
    .map((metric) => ({ metric, goal: 'minimize' }));

/** Objective vectors of the last parents, the feasible ones. */
export function nsga2(problem: Problem, { population, generations, seed }: Run): number[][] {
  const random = Random.fromSeed(seed);
  let index = 0;
  const point = (x: readonly number[]): Point => {
    const violation = problem.violation?.(x) ?? 0;
    const outside = violation > 0 ? { violation } : {};
    return { index: index++, objectives: problem.evaluate(x), x, ...outside };
  };
  const drawn = Array.from({ length: population }, () =>
    point(Array.from({ length: problem.variables }, () => random.uniform())),
  );
  const objectives = minimised(drawn[0]!.objectives.length);
  let parents = fittest(drawn, objectives, population);
  for (let generation = 1; generation < generations; generation += 1) {
    const known = new Set(parents.map(({ x }) => x.join()));
    const offspring: Point[] = [];
    const winner = tournaments(parents, random);
    while (offspring.length < population) {
      const pair = [winner().x, winner().x] as const;
      for (const x of crossed(...pair, random).map((child) => mutated(child, random))) {
        // As pymoo, and as bionas: no point twice.
        if (known.has(x.join()) || offspring.length === population) continue;
        known.add(x.join());
        offspring.push(point(x));
      }
    }
    parents = fittest([...parents, ...offspring], objectives, population);
  }
  return parents
    .filter(({ violation }) => violation === undefined)
    .map((parent) => [...parent.objectives]);
}

/** Everybody meets one other in each round, as in the authors' program and in pymoo. */
function tournaments(parents: readonly Placed<Point>[], random: Random): () => Point {
  let round: Placed<Point>[] = [];
  return () => {
    if (round.length < 2) round = random.shuffle(parents);
    const [a, b] = round.splice(0, 2) as [Placed<Point>, Placed<Point>];
    return b.place < a.place ? b : a;
  };
}

function crossed(a: readonly number[], b: readonly number[], random: Random): number[][] {
  if (random.uniform() >= CROSSOVER) return [[...a], [...b]];
  const pairs = a.map((value, i) => {
    const other = b[i]!;
    if (random.uniform() >= 0.5 || Math.abs(value - other) < 1e-14) return [value, other] as const;
    const [low, high] = [Math.min(value, other), Math.max(value, other)];
    const draw = random.uniform();
    const spread = (room: number) => {
      const alpha = 2 - (1 + (2 * room) / (high - low)) ** -(INDEX + 1);
      return (draw <= 1 / alpha ? draw * alpha : 1 / (2 - draw * alpha)) ** (1 / (INDEX + 1));
    };
    const children = [
      0.5 * (low + high - spread(low) * (high - low)),
      0.5 * (low + high + spread(1 - high) * (high - low)),
    ].map(bounded);
    return random.uniform() < 0.5
      ? ([children[0]!, children[1]!] as const)
      : ([children[1]!, children[0]!] as const);
  });
  return [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
}

function mutated(x: readonly number[], random: Random): number[] {
  return x.map((value) => {
    if (random.uniform() >= 1 / x.length) return value;
    const draw = random.uniform();
    const power = 1 / (INDEX + 1);
    const step =
      draw < 0.5
        ? (2 * draw + (1 - 2 * draw) * (1 - value) ** (INDEX + 1)) ** power - 1
        : 1 - (2 * (1 - draw) + 2 * (draw - 0.5) * value ** (INDEX + 1)) ** power;
    return bounded(value + step);
  });
}

const bounded = (value: number): number => Math.min(1, Math.max(0, value));
