// Door of the networks: from a genotype and a size to something that can be written into a program.
import type { Genotype, LearningRuleName, NetworkShape } from '../../crds/index.ts';
import type { LearningRules } from '../learning-rules/index.ts';
import { lenet } from './lenet.ts';
import type { Network, Task } from './network.ts';

export type { Heads, Network, Task } from './network.ts';

export interface NetworkPlan {
  readonly genotype: Genotype;
  readonly shape: NetworkShape;
  readonly task: Task;
  readonly rules: LearningRules;
  /** Whether training adds the auxiliary head (darts). */
  readonly auxiliary: boolean;
}

export function buildNetwork({ genotype, task, rules }: NetworkPlan): Network {
  const rule = (name: LearningRuleName | undefined) => rules[name ?? 'BP'];
  if (genotype.kind === 'fixed')
    return lenet(task.classes, (layer) => rule(genotype.rules[layer]));
  throw new Error(`no network for ${genotype.kind}`);
}
