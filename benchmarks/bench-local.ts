// `make bench-local`: what operations that learn locally bring to a small cell, beside the same filters frozen as they were drawn,
// no operation at all, and backpropagation. Prints a table and writes results/local.json.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Trial } from '../crds/index.ts';
import { createTensorFlowExecutor, type Executor } from '../trainer/executors/index.ts';
import { createProgram, type Update } from '../trainer/program/index.ts';
import { writeResult } from './results.ts';
import { LIBRARY, trainHere } from './train-here.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '3' } } });
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const EPOCHS = 2;
const learning = createTensorFlowExecutor({ libraryDir: LIBRARY });

/** Of the filters on the cell's edges, whoever changes them. */
const isLocal = ({ variable }: Update): boolean => /\/edge\d\/conv\/weight$/.test(variable.name);

/** Runs programs without the updates of those filters. */
const frozen: Executor = {
  name: learning.name,
  open: ({ variables, entries }, options) => {
    const without = Object.values(entries).map((entry) => ({
      ...entry,
      updates: entry.updates.filter((update) => !isLocal(update)),
    }));
    return learning.open(createProgram(variables, without), options);
  },
};

/** Every edge but one the same; the skip lets a signal pass. */
const cellOf = (edge: string) =>
  `nb201;${edge}~0|${edge}~0,${edge}~1|skip_connect~0,${edge}~1,${edge}~2;rest=BP`;

const trialOf = (edge: string, seed: number) =>
  Trial.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name: 'bench-local' },
    spec: {
      search: 'bench-local',
      index: 0,
      proposedAfter: 0,
      purpose: 'Search',
      seed,
      genotype: cellOf(edge),
      shape: { channels: 8, cells: 1 },
      dataset: { name: 'fashion-mnist', trainPictures: 10_000, validationPictures: 5000 },
      training: {
        epochs: EPOCHS,
        batchSize: 64,
        optimizer: { learningRate: 0.1, nesterov: true },
        alignment: false,
      },
      fidelity: { epochs: EPOCHS },
    },
  }).spec;

/** Of 5,000 held-out pictures. */
async function accuracyOf(edge: string, seed: number, executor: Executor): Promise<number> {
  const outcome = await trainHere(trialOf(edge, seed), { executor });
  return outcome.kind === 'result' ? (outcome.result.metrics?.['accuracy'] ?? 0) : 0;
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
const accuracy: Record<string, readonly number[]> = {};
for (const [name, edge, executor] of [
  ['none', 'none', learning],
  ['Hebbian', 'hebbian_conv_3x3', learning],
  ['Hebbian, frozen', 'hebbian_conv_3x3', frozen],
  ['SoftHebb', 'softhebb_conv_3x3', learning],
  ['SoftHebb, frozen', 'softhebb_conv_3x3', frozen],
  ['forward-forward', 'forward_forward_conv_3x3', learning],
  ['forward-forward, frozen', 'forward_forward_conv_3x3', frozen],
  ['backpropagation', 'nor_conv_3x3:BP', learning],
] as const) {
  const each: number[] = [];
  for (const seed of seeds) each.push(round(await accuracyOf(edge, seed, executor)));
  accuracy[name] = each;
  console.log(`${name.padEnd(24)} ${each.map((one) => `${(100 * one).toFixed(2)} %`).join('  ')}`);
}
await writeResult('local', {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  what: `accuracy on 5,000 held-out pictures of Fashion-MNIST after ${EPOCHS} epochs of 10,000, NAS-Bench-201 C 8 N 1, by seed; every edge of the cell but a skip from input to output is the operation`,
  ratios: {},
  accuracy,
});
process.exit(0);
