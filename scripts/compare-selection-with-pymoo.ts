// Checks the selection of NSGA-II against pymoo: fronts, crowding and survivors of random points, some of them infeasible, and the
// hypervolume of whole runs on test problems, where only the variation is not the product's. Exit code 1 where they differ.
//
//   python3 -m venv VENV && VENV/bin/pip install -r scripts/pymoo-requirements.txt
//   node scripts/compare-selection-with-pymoo.ts --python VENV/bin/python [--seeds 20] [--problems bnh,tnk,osy] \
//     [--write test/operator/search/pymoo.json]
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { crowdingDistances } from '../operator/search/crowding.ts';
import { fittest } from '../operator/search/fittest.ts';
import { Random } from '../operator/search/index.ts';
import { nondominatedFronts } from '../operator/search/nondominated-sort.ts';
import { PROBLEMS } from './selection/problems.ts';
import { minimised, nsga2 } from './selection/real-valued.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    seeds: { type: 'string', default: '20' },
    problems: { type: 'string', default: PROBLEMS.map(({ name }) => name).join() },
    write: { type: 'string' },
  },
});
const POPULATION = 60;
const GENERATIONS = 200;

interface Answer {
  readonly fronts: number[][];
  /** Null where infinite. */
  readonly crowding: (number | null)[];
  readonly survivors: number[];
}

interface Answers {
  readonly sets: Answer[];
  readonly runs: { problem: string; ours: number[]; theirs: number[] }[];
}

/** Rounded, so that the file of the vectors is small. Without ties, which pymoo breaks by draws. */
function randomSet(
  seed: number,
  count: number,
  objectives: number,
  constrained: boolean,
): RandomSet {
  const random = Random.fromSeed(seed);
  const places = Array.from({ length: objectives }, () =>
    random.shuffle(Array.from({ length: count }, (_, i) => i + 0.5 * random.uniform())),
  );
  const points = Array.from({ length: count }, (_, i) =>
    places.map((of) => Number(((of[i] ?? 0) / count).toFixed(6))),
  );
  const size = 1 + random.int(count);
  if (!constrained) return { points, size };
  // A half is feasible; no two are equally far outside, which pymoo orders as it likes.
  const violations = random
    .shuffle(points.map((_, i) => Math.max(0, i - count / 2)))
    .map((beyond) => beyond / count);
  return { points, size, violations };
}

interface RandomSet {
  readonly points: number[][];
  readonly size: number;
  /** 0 where feasible; absent where all are. */
  readonly violations?: number[];
}

function ourAnswer({ points, size, violations = [] }: RandomSet): Answer {
  const objectives = minimised(points[0]!.length);
  const trials = points.map((point, index) => {
    const violation = violations[index] ?? 0;
    return { index, objectives: point, ...(violation > 0 ? { violation } : {}) };
  });
  const fronts = nondominatedFronts(trials, objectives);
  const crowding: (number | null)[] = [];
  // Of those outside none is crowded: each is a front of its own.
  for (const front of fronts)
    for (const [i, distance] of crowdingDistances(front, objectives).entries())
      crowding[front[i]!.index] = Number.isFinite(distance) ? distance : null;
  const indices = (of: readonly { index: number }[]) =>
    of.map(({ index }) => index).toSorted((a, b) => a - b);
  return {
    fronts: fronts.map(indices),
    crowding,
    survivors: indices(fittest(trials, objectives, size)),
  };
}

/** Where two members have no finite crowding, or an equal one, which of them is cut is a draw. */
function differ(ours: Answer, theirs: Answer): string | undefined {
  if (JSON.stringify(ours.fronts) !== JSON.stringify(theirs.fronts)) return 'fronts';
  const near = (a: number | null, b: number | null) =>
    a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-9);
  if (!ours.crowding.every((one, i) => near(one, theirs.crowding[i]!))) return 'crowding';
  const room = (answer: Answer) =>
    answer.survivors.map((i) => answer.crowding[i] ?? Number.MAX_VALUE).toSorted((a, b) => a - b);
  const theirRoom = room(theirs);
  return room(ours).every((one, i) => near(one, theirRoom[i]!)) ? undefined : 'survivors';
}

function ask(sets: readonly object[], seeds: readonly number[]): Answers {
  const asked = PROBLEMS.filter(({ name }) => values.problems.split(',').includes(name));
  const runs = asked.map((problem) => ({
    problem: problem.name,
    population: POPULATION,
    generations: GENERATIONS,
    reference: problem.reference,
    fronts: seeds.map((seed) =>
      nsga2(problem, { population: POPULATION, generations: GENERATIONS, seed }),
    ),
  }));
  const { stdout, stderr, status } = spawnSync(values.python, ['scripts/pymoo_selection.py'], {
    input: JSON.stringify({ sets, runs }),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`pymoo ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
const deviation = (list: readonly number[]) =>
  Math.sqrt(list.reduce((sum, one) => sum + (one - mean(list)) ** 2, 0) / (list.length - 1));

const sets = Array.from({ length: 300 }, (_, seed) =>
  randomSet(seed, 2 + (seed % 60), 1 + (seed % 3), seed >= 200),
);
const answers = ask(
  sets,
  Array.from({ length: Number(values.seeds) }, (_, seed) => seed),
);
const wrong = sets.flatMap((set, i) => differ(ourAnswer(set), answers.sets[i]!) ?? []);
console.log(`${sets.length} sets of points: ${wrong.length} differ ${wrong.join(' ')}`);

let apart = 0;
for (const { problem, ours, theirs } of answers.runs) {
  const error = Math.hypot(deviation(ours), deviation(theirs)) / Math.sqrt(ours.length);
  const difference = mean(ours) - mean(theirs);
  if (Math.abs(difference) > 4 * error) apart += 1;
  const of = (list: readonly number[]) =>
    `${mean(list).toFixed(4)} ± ${deviation(list).toFixed(4)}`;
  console.log(
    `${problem}: hypervolume ${of(ours)}, pymoo ${of(theirs)}, ${(difference / error).toFixed(1)} standard errors apart`,
  );
}

if (values.write !== undefined) {
  // Not those of which pymoo drew who is cut.
  const kept = sets
    .map((set, i) => ({ ...set, ...answers.sets[i]! }))
    .filter(
      (set) => set.points.length > 12 && `${set.survivors}` === `${ourAnswer(set).survivors}`,
    );
  const some = [false, true].flatMap((constrained) =>
    kept.filter((set) => 'violations' in set === constrained).slice(0, constrained ? 3 : 6),
  );
  writeFileSync(values.write, `${JSON.stringify({ from: 'pymoo 0.6.2', sets: some })}\n`);
}
process.exitCode = wrong.length + apart === 0 ? 0 : 1;
