// Takes the first steps of a trial as training would, and keeps all of each: what went in, what came out, and every gradient.
import { type Genotype, parseGenotype, type TrialSpec } from '../../crds/index.ts';
import type { Executor, Session, Tensors } from '../executors/index.ts';
import type { Variable } from '../program/index.ts';
import {
  type Batch,
  buildStepProgram,
  initialValues,
  networkOf,
  type OpenedData,
  type StepProgram,
  stepInputs,
} from '../training/index.ts';

export interface StepPorts {
  readonly executor: Executor;
  readonly openData: (spec: TrialSpec) => Promise<OpenedData>;
}

/** One step, in the step program's own layouts and names. */
export interface DebugStep {
  readonly spec: TrialSpec;
  readonly genotype: Genotype;
  readonly opened: Pick<OpenedData, 'task' | 'statistics'>;
  /** Rule of each layer that a signal went back through, by the layer's path. */
  readonly rules: Readonly<Record<string, string>>;
  readonly inputs: Tensors;
  readonly outputs: Tensors;
  /** Parameters before and after. */
  readonly before: Tensors;
  readonly after: Tensors;
  readonly executor: Session['description'];
}

/** A trial whose first epoch has fewer batches than steps are asked. */
export class NoBatchError extends Error {
  override readonly name = 'NoBatchError';
}

/**
 * The first `count` steps of the first epoch, one after the other.
 * @throws GenotypeError, NetworkError, ExecutorError or NoBatchError, each saying what to change
 */
export async function* takeSteps(
  spec: TrialSpec,
  ports: StepPorts,
  count = 1,
): AsyncGenerator<DebugStep> {
  const opened = await ports.openData(spec);
  try {
    const genotype = parseGenotype(spec.genotype);
    const step = await buildProgram(spec, opened);
    const session = await ports.executor.open(step.program);
    try {
      const executor = session.description;
      for await (const run of runSteps(session, { spec, opened, step, count }))
        yield { spec, genotype, opened, rules: step.rules, ...run, executor };
    } finally {
      session.close();
    }
  } finally {
    await opened.close();
  }
}

async function buildProgram(
  spec: TrialSpec,
  { task, statistics }: OpenedData,
): Promise<StepProgram> {
  const { training } = spec;
  return buildStepProgram({
    network: await networkOf(spec, task),
    task,
    statistics,
    training: { ...training, alignment: false, gradientVariance: false },
    evaluationBatch: training.batchSize,
    expose: true,
  });
}

interface Run {
  readonly spec: TrialSpec;
  readonly opened: OpenedData;
  readonly step: StepProgram;
  readonly count: number;
}

async function* runSteps(session: Session, run: Run) {
  const { spec, opened, step } = run;
  const { program, variables } = step;
  await session.write(initialValues(variables.all, spec.seed));
  const learned = learnedOf(step);
  let taken = 0;
  for await (const batch of firstBatches(run)) {
    const before = await session.read(learned);
    const inputs = stepInputs({ spec, program, ...opened }, { epoch: 0, step: taken }, batch);
    const outputs = await session.run('train', inputs);
    yield { inputs, outputs, before, after: await session.read(learned) };
    taken += 1;
  }
}

/** Names of the parameters, and of feedback weights that learn. */
function learnedOf({ program, variables }: StepProgram): string[] {
  const outputs = program.entries['train']?.outputs ?? {};
  const learns = ({ role, name }: Variable) =>
    role === 'parameter' || (role === 'feedback' && `gradient/${name}` in outputs);
  return variables.all.filter(learns).map(({ name }) => name);
}

async function* firstBatches({ spec, opened, count }: Run): AsyncGenerator<Batch> {
  let given = 0;
  for await (const batch of opened.data.training(0, 0)) {
    if (given === count) return;
    yield batch;
    given += 1;
  }
  if (given === count) return;
  const batches = count === 1 ? 'no batch' : `${given} and not ${count} batches`;
  throw new NoBatchError(
    `${spec.dataset.name} has ${batches} of ${spec.training.batchSize} training pictures: make the batch smaller`,
  );
}
