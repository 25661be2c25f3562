// A trial's network, at its own width and with its own recipe, taught for a few steps on noise in the shape of its data set.
import type { TrialSpec } from '../../crds/index.ts';
import { syntheticData } from '../../trainer/debug-step/index.ts';
import type { Executor, Tensors } from '../../trainer/executors/index.ts';
import {
  buildStepProgram,
  initialValues,
  networkOf,
  type StepProgram,
  stepInputs,
} from '../../trainer/training/index.ts';

export interface FewSteps {
  readonly losses: readonly number[];
  /** Parameters, by name, that are where they were. */
  readonly unmoved: readonly string[];
  readonly parameters: readonly string[];
  /** Rules of the layers that a signal went back through. */
  readonly rules: ReadonlySet<string>;
}

export interface HowToTake {
  readonly executor: Executor;
  readonly steps: number;
}

/** In the middle of training, where drop-path is at work and the learning rate not yet near zero. */
export async function takeFewSteps(
  spec: TrialSpec,
  { executor, steps }: HowToTake,
): Promise<FewSteps> {
  const synthetic = syntheticData(spec);
  const data = { ...synthetic.data, stepsPerEpoch: 2 * steps };
  const opened = { ...synthetic, data };
  const step = await buildStep(spec);
  const { program, variables } = step;
  const session = await executor.open(program);
  try {
    await session.write(initialValues(variables.all, spec.seed));
    const parameters = variables.all.flatMap(({ role, name }) =>
      role === 'parameter' ? name : [],
    );
    const before = await session.read(parameters);
    const losses: number[] = [];
    const epoch = Math.floor(spec.training.epochs / 2);
    for await (const batch of data.training(0, 0))
      for (let k = 0; k < steps; k += 1) {
        const inputs = stepInputs({ spec, program, ...opened }, { epoch, step: k }, batch);
        losses.push((await session.run('train', inputs))['loss']?.data[0] ?? Number.NaN);
      }
    const after = await session.read(parameters);
    const unmoved = parameters.filter((name) => isSame(before, after, name));
    return { losses, parameters, unmoved, rules: new Set(Object.values(step.rules)) };
  } finally {
    session.close();
  }
}

/** The program of a trial's step. */
export async function buildStep(spec: TrialSpec): Promise<StepProgram> {
  const { training } = spec;
  const { task, statistics } = syntheticData({
    ...spec,
    training: { ...training, batchSize: 1 },
  });
  const network = await networkOf(spec, task);
  const evaluationBatch = training.batchSize;
  return buildStepProgram({ network, task, statistics, training, evaluationBatch });
}

const isSame = (before: Tensors, after: Tensors, name: string): boolean =>
  before[name]?.data.every((value, i) => value === after[name]?.data[i]) ?? true;
