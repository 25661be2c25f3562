// Networks that are not searched but for their rules: one a layer, each network a file.
import { type FixedGenotype, type FixedNetwork, RULED_LAYERS } from '../../crds/index.ts';
import type { Layer } from '../primitives/index.ts';
import { lenet } from './lenet.ts';
import { lenet5 } from './lenet5.ts';
import { type FixedPlan, type Network, type NetworkPlan, ruleOf } from './network.ts';
import { resnet20 } from './resnet20.ts';

const NETWORKS: Readonly<Record<FixedNetwork, (plan: FixedPlan) => Layer>> = {
  lenet,
  lenet5,
  resnet20,
};

export function fixed({ genotype, shape, task, rules }: NetworkPlan<FixedGenotype>): Network {
  const [second = ''] = RULED_LAYERS[genotype.network];
  // The first layer has no rule of its own: where a signal is asked for at the pictures, it goes there by the second's.
  const rule = (layer: string) =>
    ruleOf(rules, genotype.rules[layer] ?? genotype.rules[second], layer);
  const layer = NETWORKS[genotype.network]({ shape, task, rule });
  return (at, pictures) => {
    const { y, backward } = layer(at, pictures);
    return { logits: y.value, backward };
  };
}
