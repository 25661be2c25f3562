// LeNet for small pictures as BioTorch has it: conv3x3 32/64/128, max-pool 2 after the first two, global average, 256, classes.
import type { LearningRule } from '../learning-rules/index.ts';
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
import type { Network } from './network.ts';

const ruled =
  (rule: LearningRule, layer: Layer): Layer =>
  (at, x) =>
    layer(learningBy(at, rule), x);

/** @param rule the learning rule of a layer of FIXED_LAYERS.lenet */
export function lenet(classes: number, rule: (layer: string) => LearningRule): Network {
  const conv = (name: string, filters: number) =>
    [name, ruled(rule(name), convolution({ filters, kernel: 3, bias: true }))] as const;
  const fc = (name: string, units: number) => [name, ruled(rule(name), dense(units))] as const;
  const body = sequential(
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
    fc('fc2', classes),
  );
  return (at, pictures) => {
    const { y, backward } = body(at, pictures);
    return { logits: y.value, backward: (dLogits) => void backward(dLogits) };
  };
}
