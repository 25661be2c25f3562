// ResNet-20 for small pictures (He et al. 2016, section 4.2): three stages of three blocks, shortcuts without weights (option A).
import {
  averagePool,
  batchNorm,
  convolution,
  dense,
  globalAveragePool,
  identity,
  type Layer,
  learningBy,
  relu,
  sequential,
  summed,
  widened,
} from '../primitives/index.ts';
import { type FixedPlan, requireSide } from './network.ts';

const STAGES = [1, 2, 3];
const BLOCKS = [1, 2, 3];

/** Every second pixel (an average over one), and zeros as the new channels. */
const optionA = (filters: number): Layer =>
  sequential(['subsample', averagePool({ window: 1, stride: 2 })], ['widen', widened(filters)]);

export function resnet20({ shape, task, rule }: FixedPlan): Layer {
  requireSide('resnet20', task, { least: 4, why: 'halves pictures twice' });
  const conv = (name: string, filters: number, stride = 1): Layer =>
    sequential(
      ['conv', learningBy(rule(name), convolution({ filters, kernel: 3, stride, padding: 1 }))],
      ['norm', batchNorm()],
    );

  const block = (stage: number, index: number) => {
    const filters = shape.channels * 2 ** (stage - 1);
    const reduces = stage > 1 && index === 1;
    const name = `stage${stage}.block${index}`;
    const residual = sequential(
      ['conv1', conv(`${name}.conv1`, filters, reduces ? 2 : 1)],
      ['relu', relu],
      ['conv2', conv(`${name}.conv2`, filters)],
    );
    const shortcut = reduces ? optionA(filters) : identity;
    const whole = sequential(
      ['sum', summed(['residual', residual], ['shortcut', shortcut])],
      ['relu', relu],
    );
    return [name, whole] as const;
  };

  return sequential(
    ['conv1', conv('conv1', shape.channels)],
    ['relu', relu],
    ...STAGES.flatMap((stage) => BLOCKS.map((index) => block(stage, index))),
    ['average', globalAveragePool],
    ['fc', learningBy(rule('fc'), dense(task.classes))],
  );
}
