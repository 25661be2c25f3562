// Fixed networks as PyTorch modules: trainer/network/lenet.ts, lenet5.ts and resnet20.ts.
import type { FixedGenotype, FixedNetwork } from '../../../crds/index.ts';
import {
  learnedBy,
  type ModuleFamily,
  type ModulePlan,
  type ModuleSource,
} from './module-family.ts';

type Plan = ModulePlan<FixedGenotype>;

/** The first layer has no rule: none changes what it learns. */
const layer = ({ genotype }: Plan, name: string, module: string): string => {
  const rule = genotype.rules[name];
  return `self.${name} = ${rule === undefined ? module : learnedBy(rule, module)}`;
};

const POOLED = [
  'x = F.max_pool2d(F.relu(self.conv1(x)), 2)',
  'x = F.max_pool2d(F.relu(self.conv2(x)), 2)',
];
const ANSWER = 'return self.fc2(F.relu(self.fc1(x)))';

const lenet = (plan: Plan): ModuleSource => ({
  classes: [],
  modules: [
    layer(plan, 'conv1', `nn.Conv2d(${plan.task.channels}, 32, 3)`),
    layer(plan, 'conv2', 'nn.Conv2d(32, 64, 3)'),
    layer(plan, 'conv3', 'nn.Conv2d(64, 128, 3)'),
    layer(plan, 'fc1', 'nn.Linear(128, 256)'),
    layer(plan, 'fc2', `nn.Linear(256, ${plan.task.classes})`),
  ],
  forward: [...POOLED, 'x = F.relu(self.conv3(x)).mean((2, 3))', ANSWER],
  renames: [],
});

/** Of a side of the pictures, what is left before the first dense layer. */
const leftOf = (side: number): number => Math.floor((Math.floor(side / 2) - 4) / 2) - 4;

function lenet5(plan: Plan): ModuleSource {
  const { height, width, channels, classes } = plan.task;
  return {
    classes: [],
    modules: [
      layer(plan, 'conv1', `nn.Conv2d(${channels}, 6, 5, padding=2)`),
      layer(plan, 'conv2', 'nn.Conv2d(6, 16, 5)'),
      layer(plan, 'conv3', 'nn.Conv2d(16, 120, 5)'),
      layer(plan, 'fc1', `nn.Linear(${leftOf(height) * leftOf(width) * 120}, 84)`),
      layer(plan, 'fc2', `nn.Linear(84, ${classes})`),
    ],
    forward: [
      ...POOLED,
      '# Pixel by pixel, all channels of each: so the weights of fc1 are ordered.',
      'x = F.relu(self.conv3(x)).permute(0, 2, 3, 1).flatten(1)',
      ANSWER,
    ],
    renames: [],
  };
}

function resnet20(plan: Plan): ModuleSource {
  const { task, shape, genotype } = plan;
  const stages = [1, 2, 3].flatMap((stage) => {
    const channels = shape.channels * 2 ** (stage - 1);
    const blocks = [1, 2, 3].map((block) => {
      const reduces = stage > 1 && block === 1;
      const [first, second] = [1, 2].map(
        (conv) => genotype.rules[`stage${stage}.block${block}.conv${conv}`],
      );
      const geometry = `${reduces ? channels / 2 : channels}, ${channels}, ${reduces ? 2 : 1}`;
      return `    ResidualBlock(${geometry}, ("${first}", "${second}")),`;
    });
    return [`self.stage${stage} = nn.Sequential(`, ...blocks, ')'];
  });
  return {
    classes: [],
    modules: [
      layer(plan, 'conv1', `ConvBN(${task.channels}, ${shape.channels}, 3)`),
      ...stages,
      layer(plan, 'fc', `nn.Linear(${4 * shape.channels}, ${task.classes})`),
    ],
    forward: [
      'x = F.relu(self.conv1(x))',
      'x = self.stage3(self.stage2(self.stage1(x)))',
      'return self.fc(x.mean((2, 3)))',
    ],
    renames: [1, 2, 3].map((block) => [
      new RegExp(`^(stage\\d)\\.block${block}\\.sum\\.residual\\.`),
      `$1.${block - 1}.`,
    ]),
  };
}

const NETWORKS: Readonly<Record<FixedNetwork, (plan: Plan) => ModuleSource>> = {
  lenet,
  lenet5,
  resnet20,
};

export const fixed: ModuleFamily<FixedGenotype> = (plan) => NETWORKS[plan.genotype.network](plan);
