// LeNet-5 (LeCun et al. 1998) as BioTorch has it for MNIST: conv5x5 6/16/120, max-pool 2 after the first two, 84, classes.
// Pictures of 28 x 28 get the border of zeros that makes them the 32 x 32 it was made for.
import {
  convolution,
  dense,
  flatten,
  type Layer,
  learningBy,
  maxPool,
  relu,
  sequential,
} from '../primitives/index.ts';
import { type FixedPlan, requireSide } from './network.ts';

export function lenet5({ task, rule }: FixedPlan): Layer {
  requireSide('lenet5', task, { least: 28, why: 'convolves thrice by 5 x 5 and halves twice' });
  const conv = (name: string, filters: number, padding = 0) =>
    [
      name,
      learningBy(rule(name), convolution({ filters, kernel: 5, padding, bias: true })),
    ] as const;
  const fc = (name: string, units: number) => [name, learningBy(rule(name), dense(units))] as const;
  return sequential(
    conv('conv1', 6, 2),
    ['relu1', relu],
    ['pool1', maxPool({ window: 2, stride: 2 })],
    conv('conv2', 16),
    ['relu2', relu],
    ['pool2', maxPool({ window: 2, stride: 2 })],
    conv('conv3', 120),
    ['relu3', relu],
    ['flatten', flatten],
    fc('fc1', 84),
    ['relu4', relu],
    fc('fc2', task.classes),
  );
}
