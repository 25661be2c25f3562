// What `make bench-fidelity` re-makes: published figures of networks under one rule throughout, and the recipe behind them.
import { fileURLToPath } from 'node:url';
import { type FixedNetwork, type LearningRuleName, RULED_LAYERS } from '../../crds/index.ts';

/** Fields of a Trial's spec that a target decides. */
export interface RunSpec {
  readonly genotype: string;
  readonly shape: Readonly<Record<string, unknown>>;
  readonly dataset: Readonly<Record<string, unknown>>;
  readonly training: {
    readonly epochs: number;
    readonly optimizer: { readonly learningRate: number; readonly weightDecay: number };
    readonly schedule: { readonly name: 'step'; readonly milestones: readonly number[] };
    readonly [more: string]: unknown;
  };
}

export interface Target {
  /** Where the figures stand, and how this recipe differs from theirs. */
  readonly source: string;
  readonly spec: (rule: LearningRuleName) => RunSpec;
  /** Top-1 error on the test pictures [%]; undefined where none was published. */
  readonly published: Readonly<Partial<Record<LearningRuleName, number>>>;
  readonly rules: readonly LearningRuleName[];
}

/** BioTorch names none for Fashion-MNIST. Of 0.1, 0.03, 0.01 and so on the one with the lowest training loss after two epochs. */
const RATES: Readonly<Partial<Record<LearningRuleName, number>>> = {
  BP: 0.03,
  uSF: 0.03,
  brSF: 0.03,
  frSF: 0.03,
  FA: 0.003,
  KP: 0.003,
  WM: 0.001,
  DFA: 0.0001,
  DRTP: 0.0001,
};

function rateOf(rule: LearningRuleName): number {
  const rate = RATES[rule];
  if (rate === undefined) throw new Error(`no rate was looked for under ${rule}`);
  return rate;
}

const throughout = (network: FixedNetwork, rule: LearningRuleName): string =>
  `${network};${RULED_LAYERS[network].map((layer) => `${layer}=${rule}`).join()}`;

/** A part of CIFAR-10, beside the repository. */
const CIFAR10_SAMPLE = fileURLToPath(
  new URL('../../../shared/data/cifar10-sample', import.meta.url),
);

export const TARGETS: Readonly<Record<string, Target>> = {
  'lenet5-fashion-mnist': {
    source:
      "BioTorch's Benchmarks.md, Fashion-MNIST: SGD 0.9, batch 64, 100 epochs, decay 1e-3, rate / 10 at 50 and 75. " +
      'Theirs scales pictures to 32 x 32; ours have a border of zeros there. One seed each.',
    rules: ['BP', 'FA', 'DFA', 'uSF', 'brSF', 'frSF', 'KP', 'WM', 'DRTP'],
    published: { BP: 9.2, FA: 13.06, DFA: 12.81, uSF: 9.69, brSF: 10.02, frSF: 9.61 },
    spec: (rule) => ({
      genotype: throughout('lenet5', rule),
      shape: { channels: 6, network: 'lenet5' },
      dataset: { name: 'fashion-mnist' },
      training: {
        epochs: 100,
        batchSize: 64,
        optimizer: { learningRate: rateOf(rule), weightDecay: 0.001 },
        schedule: { name: 'step', milestones: [50, 75] },
        regularisation: { gradientClip: 0 },
      },
    }),
  },
  'resnet20-cifar10-sample': {
    source:
      "BioTorch's Benchmarks.md, ResNet-20 on CIFAR-10, SGD: rate 0.1 (DFA 0.001), momentum 0.9, batch 128, 250 epochs, decay 1e-4, " +
      'rate / 10 at 100, 150 and 200, crop 4 and flip. Theirs has 45,000 pictures to learn from, the sample a part of them: errors ' +
      'are larger, and only the order of the rules is compared. One seed each.',
    rules: ['BP', 'uSF', 'brSF', 'frSF', 'FA', 'DFA'],
    published: { BP: 8.63, FA: 32.16, DFA: 45.94, uSF: 10.05, brSF: 11.02, frSF: 11.2 },
    spec: (rule) => ({
      genotype: throughout('resnet20', rule),
      shape: { channels: 16, network: 'resnet20' },
      dataset: { name: 'cifar10', path: CIFAR10_SAMPLE },
      training: {
        epochs: 250,
        batchSize: 128,
        optimizer: { learningRate: rule === 'DFA' ? 0.001 : 0.1, weightDecay: 0.0001 },
        schedule: { name: 'step', milestones: [100, 150, 200] },
        augmentation: { crop: 4, flip: true },
        regularisation: { gradientClip: 0 },
      },
    }),
  },
};
