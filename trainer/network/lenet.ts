// LeNet for small pictures as BioTorch has it: conv3x3 32/64/128, max-pool 2 after the first two, global average, 256, classes.
import { globalAveragePool, type Layer, maxPool, relu, sequential } from '../primitives/index.ts';
import { lenetLayers } from './lenet-layers.ts';
import { type FixedPlan, requireSide } from './network.ts';

export function lenet({ task, rule }: FixedPlan): Layer {
  requireSide('lenet', task, { least: 18, why: 'convolves without padding and halves twice' });
  const { conv, fc } = lenetLayers({ rule });
  return sequential(
    conv('conv1', { filters: 32, kernel: 3 }),
    ['relu1', relu],
    ['pool1', maxPool({ window: 2, stride: 2 })],
    conv('conv2', { filters: 64, kernel: 3 }),
    ['relu2', relu],
    ['pool2', maxPool({ window: 2, stride: 2 })],
    conv('conv3', { filters: 128, kernel: 3 }),
    ['relu3', relu],
    ['average', globalAveragePool],
    fc('fc1', 256),
    ['relu4', relu],
    fc('fc2', task.classes),
  );
}
