// What `make bench-fidelity` re-makes: published figures of networks under one rule throughout, and the recipe behind them.
import { type LearningRuleName, RULED_LAYERS } from '../../crds/index.ts';

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
const RATES: Readonly<Record<LearningRuleName, number>> = {
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

const lenet5 = (rule: LearningRuleName): string =>
  `lenet5;${RULED_LAYERS.lenet5.map((layer) => `${layer}=${rule}`).join()}`;

export const TARGETS: Readonly<Record<string, Target>> = {
  'lenet5-fashion-mnist': {
    source:
      "BioTorch's Benchmarks.md, Fashion-MNIST: SGD 0.9, batch 64, 100 epochs, decay 1e-3, rate / 10 at 50 and 75. " +
      'Theirs scales pictures to 32 x 32; ours have a border of zeros there. One seed each.',
    rules: ['BP', 'FA', 'DFA', 'uSF', 'brSF', 'frSF', 'KP', 'WM', 'DRTP'],
    published: { BP: 9.2, FA: 13.06, DFA: 12.81, uSF: 9.69, brSF: 10.02, frSF: 9.61 },
    spec: (rule) => ({
      genotype: lenet5(rule),
      shape: { channels: 6, network: 'lenet5' },
      dataset: { name: 'fashion-mnist' },
      training: {
        epochs: 100,
        batchSize: 64,
        optimizer: { learningRate: RATES[rule], weightDecay: 0.001 },
        schedule: { name: 'step', milestones: [50, 75] },
        regularisation: { gradientClip: 0 },
      },
    }),
  },
};
