// Small networks with everything at random, running statistics too: as if they had been trained, in no time.
import {
  LEARNING_RULES,
  type LearningRuleName,
  type NetworkShape,
  parseGenotype,
} from '../../crds/index.ts';
import type { Tensors } from '../../trainer/executors/index.ts';
import { loadLearningRules } from '../../trainer/learning-rules/index.ts';
import { buildNetwork, type Network, type Task } from '../../trainer/network/index.ts';
import { sizeOf, type Variable } from '../../trainer/program/index.ts';
import { Random } from '../../trainer/random.ts';

export interface SmallNetwork {
  readonly genotype: string;
  readonly task: Task;
  readonly shape: NetworkShape;
}

const task = { height: 8, width: 8, channels: 3, classes: 7 };
const darts = (normal: string, reduce: string) => `darts;normal=${normal};reduce=${reduce};rest=BP`;

/** The text of a genotype with every layer of these rules under another one. */
export const convertedTo = (
  rule: LearningRuleName,
  genotype: string,
  from: readonly LearningRuleName[] = LEARNING_RULES,
): string => genotype.replaceAll(new RegExp(`(?<=[:=])(${from.join('|')})(?=[~,;]|$)`, 'g'), rule);

/** One of each family, all operations among them. */
export const SMALL_NETWORKS: Readonly<Record<string, SmallNetwork>> = {
  lenet: {
    genotype: 'lenet;conv2=FA,conv3=uSF,fc1=brSF,fc2=frSF',
    task: { ...task, height: 18, width: 20 },
    shape: { channels: 32 },
  },
  'lenet-5': {
    genotype: 'lenet5;conv2=uSF,conv3=FA,fc1=frSF,fc2=brSF',
    task: { ...task, height: 28, width: 28, channels: 1 },
    shape: { channels: 6 },
  },
  'resnet-20': {
    genotype: `resnet20;${[1, 2, 3]
      .flatMap((s) => [1, 2, 3].flatMap((b) => [1, 2].map((c) => `stage${s}.block${b}.conv${c}`)))
      .map((layer, i) => `${layer}=${['BP', 'FA', 'uSF', 'brSF', 'frSF', 'KP'][i % 6]}`)
      .join()},fc=uSF`,
    task,
    shape: { channels: 4 },
  },
  nb201: {
    genotype:
      'nb201;nor_conv_3x3:uSF~0|skip_connect~0,nor_conv_1x1:FA~1|avg_pool_3x3~0,none~1,nor_conv_3x3:brSF~2;rest=frSF',
    task,
    shape: { channels: 4, cells: 1 },
  },
  'nb201 of nothing': {
    genotype: 'nb201;none~0|none~0,none~1|none~0,none~1,none~2;rest=BP',
    task,
    shape: { channels: 4, cells: 1 },
  },
  darts: {
    genotype: darts(
      'sep_conv_3x3:uSF~0,sep_conv_5x5:FA~1|dil_conv_3x3:brSF~0,skip_connect~2|max_pool_3x3~1,dil_conv_5x5:frSF~3|avg_pool_3x3~0,sep_conv_3x3:BP~4',
      'skip_connect~0,max_pool_3x3~1|avg_pool_3x3~0,dil_conv_5x5:FA~1|sep_conv_5x5:uSF~0,skip_connect~1|skip_connect~2,dil_conv_3x3:frSF~1',
    ),
    task,
    shape: { channels: 4, cells: 3 },
  },
  'nb201 that learns locally': {
    genotype:
      'nb201;hebbian_conv_3x3~0|softhebb_conv_3x3~0,nor_conv_1x1:FA~1|skip_connect~0,forward_forward_conv_3x3~1,nor_conv_3x3:uSF~2;rest=uSF',
    task,
    shape: { channels: 4, cells: 1 },
  },
  'darts that learns locally': {
    genotype: darts(
      'hebbian_conv_3x3~0,sep_conv_3x3:uSF~1|softhebb_conv_3x3~0,skip_connect~2|max_pool_3x3~1,softhebb_conv_3x3~3|forward_forward_conv_3x3~0,dil_conv_3x3:BP~4',
      'softhebb_conv_3x3~0,hebbian_conv_3x3~1|hebbian_conv_3x3~0,dil_conv_5x5:FA~1|forward_forward_conv_3x3~0,skip_connect~1|softhebb_conv_3x3~2,skip_connect~1',
    ),
    task,
    shape: { channels: 4, cells: 3 },
  },
  'darts of odd pictures': {
    genotype: darts(
      'skip_connect~0,sep_conv_3x3:uSF~1|skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1',
      'skip_connect~0,skip_connect~1|max_pool_3x3~0,avg_pool_3x3~1|skip_connect~0,skip_connect~1|skip_connect~0,skip_connect~1',
    ),
    task: { ...task, height: 9, width: 11, channels: 1 },
    shape: { channels: 4, cells: 3 },
  },
};

export async function makeNetwork(
  { genotype, task, shape }: SmallNetwork,
  { auxiliary = false, dropPath = false } = {},
): Promise<Network> {
  const rules = await loadLearningRules();
  const parsed = parseGenotype(genotype);
  return buildNetwork({ genotype: parsed, shape, task, rules, auxiliary, dropPath });
}

/** Weights, gammas and running statistics of plausible size; variances are positive. */
export function randomValues(variables: readonly Variable[], seed = 1): Tensors {
  const seeds = Random.fromSeed(seed);
  return Object.fromEntries(
    variables.map(({ name, shape, initializer }) => {
      const random = seeds.split(name);
      const [centre, spread] =
        initializer.kind === 'uniform' ? [0, initializer.bound] : [initializer.value, 0.4];
      const data = Float32Array.from(
        { length: sizeOf(shape) },
        () => centre + (2 * random.uniform() - 1) * spread,
      );
      return [name, { dtype: 'float32' as const, shape, data }];
    }),
  );
}
