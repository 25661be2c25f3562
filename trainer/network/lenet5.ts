// LeNet-5 (LeCun et al. 1998) as BioTorch has it for MNIST: conv5x5 6/16/120, max-pool 2 after the first two, 84, classes.
// Pictures of 28 x 28 get the border of zeros that makes them the 32 x 32 it was made for.
import { flatten, type Layer, maxPool, relu, sequential } from '../primitives/index.ts';
import { lenetLayers } from './lenet-layers.ts';
import { type FixedPlan, requireSide } from './network.ts';

export function lenet5({ task, rule }: FixedPlan): Layer {
  requireSide('lenet5', task, { least: 28, why: 'convolves thrice by 5 x 5 and halves twice' });
  const { conv, fc } = lenetLayers({ rule });
  return sequential(
    conv('conv1', { filters: 6, kernel: 5, padding: 2 }),
    ['relu1', relu],
    ['pool1', maxPool({ window: 2, stride: 2 })],
    conv('conv2', { filters: 16, kernel: 5 }),
    ['relu2', relu],
    ['pool2', maxPool({ window: 2, stride: 2 })],
    conv('conv3', { filters: 120, kernel: 5 }),
    ['relu3', relu],
    ['flatten', flatten],
    fc('fc1', 84),
    ['relu4', relu],
    fc('fc2', task.classes),
  );
}
