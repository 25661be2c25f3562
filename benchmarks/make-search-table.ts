// `make search-table`: trains every cell of a small space of (operation, rule) pairs for real, once, and writes down how accurate it
// is after each epoch: results/search-table.json, on which `make bench-search` compares algorithms and schedulers. Every tenth cell
// is trained with a second seed, which says how much of a difference is chance. Goes on where it was stopped; `--cells N` trains a
// random N of them.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { printGenotype, Trial, type TrialSpec } from '../crds/index.ts';
import { Random } from '../operator/search/index.ts';
import { walkSpace } from '../operator/search/variation/index.ts';
import {
  EPOCHS,
  SECOND_SEED_EVERY,
  SMALL_SPACE,
  type TableRow,
} from '../test/builders/search-table.ts';
import { createTensorFlowExecutor } from '../trainer/executors/index.ts';
import { writeResult } from './results.ts';
import { CACHE, LIBRARY, trainHere } from './train-here.ts';

const { values } = parseArgs({
  options: { threads: { type: 'string', default: '1' }, cells: { type: 'string' } },
});
const journal = join(CACHE, 'search-table', 'trained.jsonl');

const DATASET = { name: 'fashion-mnist', trainPictures: 1000, validationPictures: 1000 };
const TRAINING = {
  epochs: EPOCHS,
  batchSize: 32,
  optimizer: { learningRate: 0.1, nesterov: true },
  alignment: false,
};

const specOf = (genotype: string, seed: number): TrialSpec =>
  Trial.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name: 'search-table' },
    spec: {
      search: 'search-table',
      index: 0,
      proposedAfter: 0,
      purpose: 'Search',
      seed,
      genotype,
      shape: { channels: SMALL_SPACE.channels, cells: SMALL_SPACE.cells },
      dataset: DATASET,
      training: TRAINING,
      fidelity: { epochs: EPOCHS },
    },
  }).spec;

const executor = createTensorFlowExecutor({ libraryDir: LIBRARY });

async function train(genotype: string, seed: number): Promise<TableRow> {
  const accuracies: number[] = [];
  const outcome = await trainHere(specOf(genotype, seed), {
    executor,
    threads: Number(values.threads),
    onEpoch: ({ validationAccuracy }) => void accuracies.push(validationAccuracy ?? 0),
  });
  if (outcome.kind !== 'result') throw new Error(`${genotype}: ended early`);
  const { parameters, macs } = outcome.result.metrics;
  return { genotype, seed, accuracies, parameters, macs };
}

/** What earlier runs trained. */
async function trained(): Promise<TableRow[]> {
  const lines = await readFile(journal, 'utf8').catch(() => '');
  const whole = lines.slice(0, lines.lastIndexOf('\n') + 1); // a line that was cut is trained again
  if (whole !== lines) await writeFile(journal, whole);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line): TableRow => JSON.parse(line));
}

await mkdir(dirname(journal), { recursive: true });
const random = Random.fromSeed(1);
const cells = random.shuffle([...walkSpace(SMALL_SPACE, random)]).map(printGenotype);
const chosen = cells.slice(0, Number(values.cells ?? cells.length));
const wanted = chosen.flatMap((genotype, i) =>
  (i % SECOND_SEED_EVERY === 0 ? [1, 2] : [1]).map((seed) => ({ genotype, seed })),
);
const keyOf = ({ genotype, seed }: Pick<TableRow, 'genotype' | 'seed'>): string =>
  `${seed} ${genotype}`;
const before = new Map((await trained()).map((row) => [keyOf(row), row]));
const rows: TableRow[] = [];
for (const { genotype, seed } of wanted) {
  const known = before.get(keyOf({ genotype, seed }));
  const row = known ?? (await train(genotype, seed));
  rows.push(row);
  if (known !== undefined) continue;
  await appendFile(journal, `${JSON.stringify(row)}\n`);
  const last = row.accuracies.at(-1) ?? 0;
  console.log(`${rows.length}/${wanted.length} ${(100 * last).toFixed(2)} % ${genotype}`);
}
await writeResult('search-table', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: 'accuracy on held-out pictures of Fashion-MNIST after each epoch, of every cell of a NAS-Bench-201 space',
  ratios: {},
  space: SMALL_SPACE,
  dataset: DATASET,
  training: TRAINING,
  rows,
});
process.exit(0);
