// What is known of a network before its first step: its size, and the scores of it that a search asks for. By them a trial may be
// ruled out before it costs a training.
import { networkCost } from '../network/index.ts';
import { layerAlignments } from './alignment.ts';
import { numberOf, only } from './evaluate.ts';
import { filled, noKey } from './filled.ts';
import { initialValues } from './initial-values.ts';
import type { TrainingData } from './ports.ts';
import { stepInputs } from './step-inputs.ts';
import type { Trained } from './trial-ports.ts';

export interface EarlyMetrics {
  readonly parameters: number;
  readonly macs: number;
  readonly synflow?: number;
  readonly alignmentAtInit?: number;
}

/** Leaves variables that training writes anew. The same whenever an attempt begins: all is as the seed says. */
export async function earlyMetrics(trained: Trained, data: TrainingData): Promise<EarlyMetrics> {
  const { spec, network, task } = trained;
  const { synflow, alignmentAtInit } = spec.measures ?? {};
  return {
    ...networkCost(network, task),
    ...(synflow === true ? await synflowOf(trained) : {}),
    ...(alignmentAtInit === true ? { alignmentAtInit: await alignmentOf(trained, data) } : {}),
  };
}

/** Of pictures and slopes alike: where the score of ones is beyond float32, that of these may be within. */
const SCALES = [1, 1e-15, 1e-30];

/** Absent where even that is too much. */
async function synflowOf({
  spec,
  session,
  step,
  task,
}: Trained): Promise<Pick<EarlyMetrics, 'synflow'>> {
  const values = Object.entries(initialValues(step.variables.all, spec.seed));
  const absolute = values.map(([name, value]) => {
    const data = Float32Array.from(value.data, Math.abs);
    return [name, { ...value, data }] as const;
  });
  await session.write(Object.fromEntries(absolute));
  const { height, width, channels, classes } = task;
  const wanted = step.program.entries['synflow']?.inputs ?? {};
  for (const scale of SCALES) {
    const offered = {
      pictures: filled([1, height, width, channels], scale),
      slope: filled([1, classes], scale),
      key: noKey(),
    };
    const score = numberOf(await session.run('synflow', only(offered, wanted)), 'score');
    if (Number.isFinite(score)) return { synflow: score / scale ** 2 };
  }
  return {};
}

/** Mean over layers of the cosine between the gradient by the rules and backpropagation's, on the first batch; 0 where no layer has both. */
async function alignmentOf(
  { spec, session, step, task, worker }: Trained,
  data: TrainingData,
): Promise<number> {
  await session.write(initialValues(step.variables.all, spec.seed));
  const context = { spec, data, task, program: step.program };
  for await (const batch of data.training(0, 0, worker)) {
    const inputs = stepInputs(context, { epoch: 0, step: 0 }, batch, 'align');
    const { alignment } = await session.run('align', inputs);
    const cosines = layerAlignments(step.measured, alignment?.data ?? []).flatMap(
      ({ gradientAngle }) =>
        gradientAngle === undefined ? [] : Math.cos((gradientAngle * Math.PI) / 180),
    );
    return cosines.reduce((sum, each) => sum + each, 0) / Math.max(1, cosines.length);
  }
  return 0;
}
