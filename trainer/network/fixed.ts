// Networks that are not searched but for their rules: one a layer, each network a file.
import type { FixedGenotype, FixedNetwork, NetworkShape } from '../../crds/index.ts';
import type { LearningRule } from '../learning-rules/index.ts';
import type { Layer } from '../primitives/index.ts';
import { lenet } from './lenet.ts';
import { type Network, type NetworkPlan, ruleOf, type Task } from './network.ts';
import { resnet20 } from './resnet20.ts';

export interface FixedPlan {
  /** LeNet has its own widths; ResNet-20 starts with `channels`, 16 as published. */
  readonly shape: NetworkShape;
  readonly task: Task;
  /** The rule of a layer of FIXED_LAYERS. */
  readonly rule: (layer: string) => LearningRule;
}

const NETWORKS: Readonly<Record<FixedNetwork, (plan: FixedPlan) => Layer>> = { lenet, resnet20 };

export function fixed({ genotype, shape, task, rules }: NetworkPlan<FixedGenotype>): Network {
  const rule = (layer: string) => ruleOf(rules, genotype.rules[layer], layer);
  const layer = NETWORKS[genotype.network]({ shape, task, rule });
  return (at, pictures) => {
    const { y, backward } = layer(at, pictures);
    return { logits: y.value, backward };
  };
}
