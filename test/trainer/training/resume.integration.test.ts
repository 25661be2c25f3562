// Bit for bit: a trial that was interrupted ends with the very numbers of one that was not.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TrialResult, TrialSpec } from '../../../crds/index.ts';
import type { Executor } from '../../../trainer/executors/index.ts';
import { decodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { runTrial } from '../../../trainer/training/index.ts';
import { SMALL_NETWORKS } from '../../builders/networks.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makePorts, makeTrialSpec, type Recipe, watched } from '../../builders/training.ts';

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'resume-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** Everything that makes draws: shuffling, crops, flips, holes. */
const recipe: Recipe = {
  augmentation: { crop: 2, flip: true, cutout: 3 },
  optimizer: { name: 'adam', learningRate: 0.01 },
  gradientVariance: true,
};
const mixed = makeTrialSpec(recipe);
const { genotype } = SMALL_NETWORKS['nb201 that learns locally'] ?? {};
const local = makeTrialSpec(recipe, { genotype });
const regularisation = { constrainWeights: true, gradientClipValue: 0.01 };
const momentum = { name: 'sgd', learningRate: 0.01 } as const;
const half = makeTrialSpec({ ...recipe, precision: 'float16' });
const held = makeTrialSpec({ ...recipe, regularisation });
const heldBySgd = makeTrialSpec({ ...recipe, regularisation, optimizer: momentum });

interface Run {
  readonly executor: Executor;
  readonly threads: number;
  readonly directory: string;
  readonly spec?: TrialSpec;
  /** Runs after which the signal comes. */
  readonly stopAfter?: number;
}

async function run({ executor, threads, directory, spec = mixed, stopAfter = Infinity }: Run) {
  const stop = new AbortController();
  const { executor: seen } = watched(executor, (number) => number >= stopAfter && stop.abort());
  return runTrial(spec, makePorts(directory, seen, { threads, signal: stop.signal }));
}

async function variablesIn(directory: string): Promise<Record<string, string>> {
  const path = join(directory, 'checkpoint.safetensors');
  const { tensors } = decodeSafetensors(await readFile(path), path);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    ]),
  );
}

const withoutTime = ({ metrics, epochs, alignment }: TrialResult) => ({
  alignment,
  metrics: { ...metrics, seconds: 0, picturesPerSecond: 0 },
  epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0, picturesPerSecond: 0 })),
});

test.skipIf(tensorFlow === undefined).each([
  ['in the middle of epoch 2', 1, [8], mixed],
  ['in the middle of epoch 2', 2, [8], mixed],
  ['in the first evaluation, and in epoch 2', 1, [4, 3], mixed],
  ['after every few steps', 2, [2, 2, 2], mixed],
  ['in the middle of epoch 2, learning locally,', 2, [8], local],
  ['in both epochs, in float16,', 1, [2, 7], half],
  ['in both epochs, at constant norms,', 1, [2, 7], held],
  ['in both epochs, at constant norms by momentum,', 2, [1, 7], heldBySgd],
])(
  'stopped %s with %i threads, it ends as if it had not been',
  async (_when, threads, stops, spec) => {
    if (tensorFlow === undefined) return;
    const executor = tensorFlow;
    const straight = { executor, threads, spec, directory: await makeDirectory() };
    const stopped = { executor, threads, spec, directory: await makeDirectory() };
    const expected = await run(straight);
    for (const stopAfter of stops)
      expect(await run({ ...stopped, stopAfter })).toMatchObject({ kind: 'interrupted' });
    const got = await run(stopped);
    expect(await variablesIn(stopped.directory)).toEqual(await variablesIn(straight.directory));
    if (got.kind !== 'result' || expected.kind !== 'result') throw new Error('no result');
    expect(withoutTime(got.result)).toEqual(withoutTime(expected.result));
    expect(got.result.precision).toEqual(expected.result.precision);
    expect(got.result.precision?.products).toBe(spec.training.precision);
    const journal = (of: typeof straight) =>
      readFile(join(of.directory, 'alignment.jsonl'), 'utf8');
    expect(await journal(stopped)).toEqual(await journal(straight));
    expect((await journal(stopped)).match(/"epoch":\d/g)).toEqual([
      '"epoch":0',
      '"epoch":1',
      '"epoch":2',
    ]);
    const rules = spec.genotype.match(/(?<=[:=])\w+/g);
    expect(got.result.alignment?.map(({ rule }) => rule).toSorted()).toEqual(
      [...new Set(rules)].toSorted(),
    );
  },
);

test.skipIf(tensorFlow === undefined)(
  'two trainers in one directory do not disturb each other',
  async () => {
    if (tensorFlow === undefined) return;
    const executor = tensorFlow;
    const alone = { executor, threads: 1, directory: await makeDirectory() };
    const shared = { executor, threads: 1, directory: await makeDirectory() };
    const expected = await run(alone);
    // The orphan of a killed operator still writes its last checkpoint when its successor has begun.
    const [, successor] = await Promise.all([run({ ...shared, stopAfter: 3 }), run(shared)]);
    expect(await variablesIn(shared.directory)).not.toEqual({});
    const last = await run(shared);
    for (const outcome of [successor, last]) {
      if (outcome.kind !== 'result' || expected.kind !== 'result') throw new Error('no result');
      expect(withoutTime(outcome.result)).toEqual(withoutTime(expected.result));
    }
  },
);

test.skipIf(tensorFlow === undefined)(
  'a learning rate of a million diverges, in good order',
  async () => {
    if (tensorFlow === undefined) return;
    const { training, ...rest } = makeTrialSpec({ regularisation: { gradientClip: 0 }, epochs: 9 });
    // Beyond what the contract lets anyone ask for.
    const optimizer = { ...training.optimizer, learningRate: 1e6 };
    const wild = { ...rest, training: { ...training, optimizer } };
    const outcome = await runTrial(wild, makePorts(await makeDirectory(), tensorFlow));
    expect(outcome).toMatchObject({ kind: 'result', result: { outcome: 'Diverged' } });
  },
);
