// What a training step is fed at a place of the loop: pictures, labels, and what follows from seed, epoch and step.
import type { Tensors } from '../executors/index.ts';
import type { LoopState } from './checkpoint.ts';
import { only } from './evaluate.ts';
import type { Batch } from './ports.ts';
import { learningRateAt } from './schedule.ts';
import type { TrainContext } from './train-context.ts';

/** Learning rate of a step counted over the whole training. */
export const rateAt = (
  step: number,
  { spec: { training }, data }: Pick<TrainContext, 'spec' | 'data'>,
): number =>
  learningRateAt(step, {
    schedule: training.schedule,
    peak: training.optimizer.learningRate,
    epochs: training.epochs,
    stepsPerEpoch: data.stepsPerEpoch,
  });

/** Inputs of an entry at a place of the loop; one that it does not name is left out. */
export function stepInputs(
  context: Pick<TrainContext, 'spec' | 'data' | 'task' | 'program'> & {
    readonly signal?: AbortSignal;
  },
  { epoch, step }: Pick<LoopState, 'epoch' | 'step'>,
  batch: Batch,
  entry = 'train',
): Tensors {
  const { spec, data, task, program } = context;
  const { training } = spec;
  const total = epoch * data.stepsPerEpoch + step;
  const rate = rateAt(total, context);
  const scalar = (value: number) => ({
    dtype: 'float32' as const,
    shape: [],
    data: Float32Array.of(value),
  });
  const offered: Tensors = {
    key: { dtype: 'int32', shape: [2], data: Int32Array.of(spec.seed | 0, total) },
    rate: scalar(rate),
    stop: scalar(context.signal?.aborted === true ? 1 : 0),
    dropPath: scalar((training.regularisation.dropPath * epoch) / training.epochs),
    ...pictureInputs(batch, task),
    ...(batch.architecture === undefined
      ? {}
      : pictureInputs(batch.architecture, task, 'architecture/')),
  };
  return only(offered, program.entries[entry]?.inputs ?? {});
}

function pictureInputs(
  { pictures, labels, keep }: Batch,
  { height, width, channels }: TrainContext['task'],
  prefix = '',
): Tensors {
  const size = labels.length;
  const shape = [size, height, width, channels];
  return {
    [`${prefix}pictures`]: { dtype: 'uint8', shape, data: pictures },
    [`${prefix}labels`]: { dtype: 'int32', shape: [size], data: labels },
    ...(keep === undefined
      ? {}
      : { [`${prefix}keep`]: { dtype: 'uint8', shape: [size, height, width, 1], data: keep } }),
  };
}
