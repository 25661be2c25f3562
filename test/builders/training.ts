// Trials for tests of training: specs, made-up pictures, and ports that let a test stop a run where it wants.
import { type Training, Trial, type TrialSpec } from '../../crds/index.ts';
import {
  batchCount,
  createInThreadStream,
  evaluationEpoch,
  trainingEpoch,
} from '../../trainer/data/index.ts';
import type { Executor } from '../../trainer/executors/index.ts';
import {
  EVALUATION_BATCH,
  halvesOf,
  inPlace,
  type OpenedData,
  type TrialPorts,
  untold,
} from '../../trainer/training/index.ts';
import { makePictures } from '../trainer/data/picture-sets.ts';
import { makeTrialManifest } from './manifest.ts';
import { SMALL_NETWORKS } from './networks.ts';

const small = SMALL_NETWORKS['nb201'];
if (small === undefined) throw new Error('no nb201 among the small networks');
export const TASK = { ...small.task, classes: 10 };

export type Recipe = { readonly [K in keyof Training]?: Partial<Training[K]> | Training[K] };

/** A Trial of the small nb201 network; `recipe` is its training. */
export function makeTrialSpec(
  recipe: Recipe = {},
  fields: Record<string, unknown> = {},
): TrialSpec {
  const { genotype, shape } = small ?? { genotype: '', shape: {} };
  const training = { epochs: 2, batchSize: 16, ...recipe };
  const fidelity = { epochs: training.epochs };
  return Trial.parse(makeTrialManifest({ genotype, shape, training, fidelity, ...fields })).spec;
}

/** A Trial of a small supernet; `supernet` adds to what it mixes. */
export const makeSupernetSpec = (
  recipe: Recipe = {},
  supernet: Record<string, unknown> = {},
): TrialSpec =>
  makeTrialSpec(recipe, {
    kind: 'Supernet',
    genotype: 'supernet 0',
    shape: { cells: 3, channels: 2 },
    supernet: {
      operations: ['skip_connect', 'dil_conv_3x3'],
      learningRules: ['FA', 'brSF'],
      ...supernet,
    },
  });

/** 80 training pictures, 20 to score by: five steps an epoch of batches of 16. Of TASK's size, unless told. */
export function openMadeUp(spec: TrialSpec, size: Partial<typeof TASK> = {}): OpenedData {
  const task = { ...TASK, ...size };
  const { height, width, channels } = task;
  const set = makePictures({ count: 100, height, width, channels });
  const train = Int32Array.from({ length: 80 }, (_, i) => i);
  const validation = Int32Array.from({ length: 20 }, (_, i) => 80 + i);
  const stream = createInThreadStream();
  const { batchSize, augmentation } = spec.training;
  const plan = (indices: Int32Array, epoch: number, firstBatch: number) =>
    trainingEpoch(set, indices, {
      batchSize,
      seed: spec.seed,
      epoch,
      augmentation,
      lastBatch: 'drop',
      firstBatch,
    });
  const halves = halvesOf(train);
  const first = spec.kind === 'Train' ? train : halves.weights;
  const training = (epoch: number, from: number) => stream.batches(plan(first, epoch, from));
  const asTheyAre = (indices: Int32Array) =>
    stream.batches(evaluationEpoch(set, indices, { batchSize: EVALUATION_BATCH }));
  const otherHalf = {
    batches: (epoch: number, from: number) =>
      stream.batches(plan(halves.architecture, epoch, from)),
    asTheyAre: (pictures: number) => asTheyAre(halves.architecture.subarray(0, pictures)),
  };
  return {
    task,
    classes: set.classes,
    statistics: { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] },
    data: {
      stepsPerEpoch: batchCount(plan(first, 0, 0)),
      training,
      ...(spec.kind === 'Train' ? {} : { otherHalf }),
      evaluation: () => asTheyAre(validation),
    },
    close: () => stream.close(),
  };
}

/** Entries that a session was asked to run, over all sessions of the executor. */
export interface Watched {
  readonly executor: Executor;
  readonly runs: string[];
}

/** Calls `before` with the number of each run, from 0, before it is passed on. */
export function watched(executor: Executor, before: (run: number) => void = () => {}): Watched {
  const runs: string[] = [];
  return {
    runs,
    executor: {
      name: executor.name,
      open: async (program, options) => {
        const session = await executor.open(program, options);
        return {
          description: session.description,
          read: (names) => session.read(names),
          write: (values) => session.write(values),
          close: () => session.close(),
          run: (entry, inputs) => {
            before(runs.length);
            runs.push(entry);
            return session.run(entry, inputs);
          },
        };
      },
    },
  };
}

export function makePorts(
  directory: string,
  executor: Executor,
  more: Partial<TrialPorts> = {},
): TrialPorts {
  let now = 0;
  return {
    executor,
    directory,
    openData: async (spec) => openMadeUp(spec),
    writeArtifacts: async () => ({}),
    keeper: inPlace,
    clock: { now: () => now++ },
    listener: { progress: () => {}, epoch: () => {} },
    spans: untold(),
    log: () => {},
    signal: new AbortController().signal,
    ...more,
  };
}
