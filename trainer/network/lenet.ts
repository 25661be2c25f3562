// LeNet for small pictures as BioTorch has it: conv3x3 32/64/128, max-pool 2 after the first two, global average, 256, classes.
import {
  convolution,
  dense,
  globalAveragePool,
  type Layer,
  learningBy,
  maxPool,
  relu,
  sequential,
} from '../primitives/index.ts';
import { type FixedPlan, requireSide } from './network.ts';

export function lenet({ task, rule }: FixedPlan): Layer {
  requireSide('lenet', task, { least: 18, why: 'convolves without padding and halves twice' });
  const conv = (name: string, filters: number) =>
    [name, learningBy(rule(name), convolution({ filters, kernel: 3, bias: true }))] as const;
  const fc = (name: string, units: number) => [name, learningBy(rule(name), dense(units))] as const;
  return sequential(
    conv('conv1', 32),
    ['relu1', relu],
    ['pool1', maxPool({ window: 2, stride: 2 })],
    conv('conv2', 64),
    ['relu2', relu],
    ['pool2', maxPool({ window: 2, stride: 2 })],
    conv('conv3', 128),
    ['relu3', relu],
    ['average', globalAveragePool],
    fc('fc1', 256),
    ['relu4', relu],
    fc('fc2', task.classes),
  );
}
