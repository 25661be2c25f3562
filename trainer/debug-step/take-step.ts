// Takes the first step of a trial as training would, and keeps all of it: what went in, what came out, and every gradient.
import { type Genotype, parseGenotype, type TrialSpec } from '../../crds/index.ts';
import type { Executor, Session, Tensors } from '../executors/index.ts';
import { type LearningRules, loadLearningRules } from '../learning-rules/index.ts';
import { buildNetwork } from '../network/index.ts';
import type { Variable } from '../program/index.ts';
import {
  type Batch,
  buildStepProgram,
  initialValues,
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

/** A trial whose first batch does not exist. */
export class NoBatchError extends Error {
  override readonly name = 'NoBatchError';
}

/** @throws GenotypeError, NetworkError, ExecutorError or NoBatchError, each saying what to change */
export async function takeStep(spec: TrialSpec, ports: StepPorts): Promise<DebugStep> {
  const opened = await ports.openData(spec);
  try {
    const genotype = parseGenotype(spec.genotype);
    const rules = await loadLearningRules();
    const step = buildProgram(spec, genotype, { opened, rules });
    const session = await ports.executor.open(step.program);
    try {
      const run = await runStep(spec, session, { opened, step });
      const executor = session.description;
      return { spec, genotype, opened, rules: step.rules, ...run, executor };
    } finally {
      session.close();
    }
  } finally {
    await opened.close();
  }
}

function buildProgram(
  spec: TrialSpec,
  genotype: Genotype,
  { opened, rules }: { opened: OpenedData; rules: LearningRules },
): StepProgram {
  const { training, shape } = spec;
  const { task, statistics } = opened;
  const { auxiliaryWeight, dropPath } = training.regularisation;
  const network = buildNetwork({
    genotype,
    shape,
    task,
    rules,
    auxiliary: auxiliaryWeight > 0,
    dropPath: dropPath > 0,
  });
  const evaluationBatch = training.batchSize;
  const plan = {
    network,
    task,
    statistics,
    training: { ...training, alignment: false, gradientVariance: false },
  };
  return buildStepProgram({ ...plan, evaluationBatch, expose: true });
}

interface Opened {
  readonly opened: OpenedData;
  readonly step: StepProgram;
}

async function runStep(spec: TrialSpec, session: Session, { opened, step }: Opened) {
  const { program, variables } = step;
  await session.write(initialValues(variables.all, spec.seed));
  const learned = learnedOf(step);
  const before = await session.read(learned);
  const batch = await firstBatch(spec, opened);
  const inputs = stepInputs({ spec, program, ...opened }, { epoch: 0, step: 0 }, batch);
  const outputs = await session.run('train', inputs);
  return { inputs, outputs, before, after: await session.read(learned) };
}

/** Names of the parameters, and of feedback weights that learn. */
function learnedOf({ program, variables }: StepProgram): string[] {
  const outputs = program.entries['train']?.outputs ?? {};
  const learns = ({ role, name }: Variable) =>
    role === 'parameter' || (role === 'feedback' && `gradient/${name}` in outputs);
  return variables.all.filter(learns).map(({ name }) => name);
}

async function firstBatch({ dataset, training }: TrialSpec, { data }: OpenedData): Promise<Batch> {
  for await (const batch of data.training(0, 0)) return batch;
  throw new NoBatchError(
    `${dataset.name} has no batch of ${training.batchSize} training pictures: make the batch smaller`,
  );
}
