// A training step that several workers take together in one process, each by its part of a batch: on the reference, with a meeting.
import type { LearningRuleName } from '../../crds/index.ts';
import {
  createMeeting,
  createReferenceExecutor,
  type Tensors,
} from '../../trainer/executors/index.ts';
import { sizeOf } from '../../trainer/program/index.ts';
import { buildStepProgram, initialValues } from '../../trainer/training/index.ts';
import { convertedTo, makeNetwork, randomValues, SMALL_NETWORKS } from './networks.ts';
import { makeTrialSpec, type Recipe } from './training.ts';

export interface TeamStep {
  readonly family: string;
  readonly rule?: LearningRuleName;
  readonly recipe?: Recipe;
}

const BATCH = 4;

/** What each of `world` workers gives and holds after one step of 4 pictures: by rank, outputs, and variables. */
export async function stepOf(
  world: number,
  { family, rule, recipe = {} }: TeamStep,
): Promise<readonly (readonly [outputs: Tensors, variables: Tensors])[]> {
  const small = SMALL_NETWORKS[family];
  if (small === undefined) throw new Error(`no ${family}`);
  const genotype = rule === undefined ? small.genotype : convertedTo(rule, small.genotype);
  const { training } = makeTrialSpec({ batchSize: BATCH, ...recipe });
  const extras = { dropPath: training.regularisation.dropPath > 0 };
  const network = await makeNetwork({ ...small, genotype }, extras);
  const { channels } = small.task;
  const statistics = { mean: Array(channels).fill(0.5), deviation: Array(channels).fill(0.25) };
  const executor = createReferenceExecutor(createMeeting());
  const ranks = Array.from({ length: world }, (_, rank) => rank);
  return Promise.all(
    ranks.map(async (rank) => {
      const worker = { rank, world };
      const about = { network, task: small.task, statistics, training, worker, expose: true };
      const { program } = buildStepProgram({ ...about, evaluationBatch: 1 });
      const session = await executor.open(program);
      const fresh = program.variables.filter(({ role }) => role === 'optimizer');
      await session.write({ ...randomValues(program.variables), ...initialValues(fresh, 1) });
      const inputs = inputsOf(program.entries['train']?.inputs ?? {}, rank);
      return [await session.run('train', inputs), await session.read()] as const;
    }),
  );
}

/** This worker's part of the pictures; what is no picture's is the same for all. */
function inputsOf(
  wanted: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  rank: number,
): Tensors {
  const bytes = (shape: readonly number[]) =>
    Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (97 * (i + rank * sizeOf(shape))) % 251);
  const scalar = (value: number) =>
    ({ dtype: 'float32', shape: [], data: Float32Array.of(value) }) as const;
  const { pictures, labels } = wanted;
  if (pictures === undefined || labels === undefined) throw new Error('no pictures are asked for');
  const [count = 0] = labels.shape;
  const numbers = Int32Array.from({ length: count }, (_, i) => (3 * (i + rank * count)) % 7);
  const offered: Tensors = {
    pictures: { dtype: 'uint8', shape: pictures.shape, data: bytes(pictures.shape) },
    labels: { dtype: 'int32', shape: labels.shape, data: numbers },
    key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) },
    rate: scalar(0.1),
    dropPath: scalar(0.3),
    stop: scalar(rank === 1 ? 1 : 0),
  };
  return Object.fromEntries(Object.entries(offered).filter(([name]) => name in wanted));
}
