// A whole training step of a small network, written and taken by a recipe: for tests of what a recipe adds.
import {
  createReferenceExecutor,
  type Executor,
  type Tensors,
} from '../../trainer/executors/index.ts';
import { buildStepProgram, initialValues } from '../../trainer/training/index.ts';
import { stepInputs } from '../../trainer/training/step-inputs.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS, type SmallNetwork } from './networks.ts';
import { makeTrialSpec, openMadeUp, type Recipe, TASK } from './training.ts';

export const RATE = 0.1;
export const plainSgd = { learningRate: RATE, momentum: 0, weightDecay: 0 };
const recipe = (more: Recipe): Recipe => ({
  batchSize: 4,
  optimizer: plainSgd,
  schedule: { name: 'constant' },
  regularisation: { gradientClip: 0 },
  ...more,
});

/** Step program of a small network, and pictures for it. */
export async function writeStep(
  more: Recipe,
  family = 'nb201',
  changed: Partial<SmallNetwork> = {},
) {
  const known = SMALL_NETWORKS[family];
  if (known === undefined) throw new Error(`no ${family}`);
  const small = { ...known, ...changed };
  const spec = makeTrialSpec(recipe(more));
  const { training } = spec;
  const { auxiliaryWeight, dropPath } = training.regularisation;
  const extras = { auxiliary: auxiliaryWeight > 0, dropPath: dropPath > 0 };
  const network = await makeNetwork({ ...small, task: TASK }, extras);
  const { data, statistics, task } = openMadeUp(spec);
  const plan = { network, task, statistics, training, evaluationBatch: 1, expose: true };
  return { spec, data, task, ...buildStepProgram(plan) };
}

interface Steps {
  readonly count?: number;
  readonly epoch?: number;
  /** Variables that are zeros. */
  readonly without?: readonly string[];
  readonly executor?: Executor;
}

/** Some steps of it, from the same numbers whatever the recipe: variables before and after, and what the last step says. */
export async function takeSteps(
  { spec, data, task, program, variables }: Awaited<ReturnType<typeof writeStep>>,
  { count = 1, epoch = 0, without = [], executor = createReferenceExecutor() }: Steps = {},
) {
  const session = await executor.open(program);
  const optimizers = variables.all.filter(({ role }) => role === 'optimizer');
  await session.write({ ...randomValues(variables.all), ...initialValues(optimizers, spec.seed) });
  for (const [name, tensor] of Object.entries(await session.read([...without])))
    await session.write({ [name]: { ...tensor, data: tensor.data.map(() => 0) } });
  const before = await session.read();
  const names = variables.parameters.map(({ name }) => name);
  let [outputs, labels, step]: [Tensors, Int32Array, number] = [{}, new Int32Array(), 0];
  for await (const batch of data.training(0, 0)) {
    if (step === count) break;
    const inputs = stepInputs({ spec, data, task, program }, { epoch, step }, batch);
    outputs = await session.run('train', inputs);
    [labels, step] = [batch.labels, step + 1];
  }
  const after = await session.read();
  session.close();
  if (step < count) throw new Error(`no batch after ${step} of ${count} steps`);
  return { before, outputs, labels, after, names };
}

export const numbers = (tensors: Tensors, name: string): number[] => [
  ...(tensors[name]?.data ?? []),
];
export type Step = Awaited<ReturnType<typeof takeSteps>>;

export const norm = (values: readonly number[]) => Math.hypot(...values);
