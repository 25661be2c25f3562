// Networks of `make bench-trainer`: each under backpropagation and under mixed rules.
export interface BenchmarkCase {
  readonly name: string;
  readonly genotype: string;
  readonly cells: number;
  readonly channels: number;
  readonly batch: number;
  readonly threads: number;
  /** Steps of a round. */
  readonly steps: number;
}

const SIZE = { batch: 64, threads: 2 } as const;

const nb201 = (rules: readonly [string, string, string, string, string], rest: string): string => {
  const [a, b, c, d, e] = rules;
  const node1 = `nor_conv_3x3:${a}~0`;
  const node2 = `nor_conv_3x3:${b}~0,nor_conv_3x3:${c}~1`;
  const node3 = `skip_connect~0,nor_conv_3x3:${d}~1,nor_conv_3x3:${e}~2`;
  return `nb201;${node1}|${node2}|${node3};rest=${rest}`;
};

/** BIODARTS (paper's released genotype) with the rules of its separable and dilated convolutions given. */
const biodarts = (
  [a, b, c, d, e]: readonly [string, string, string, string, string],
  rest: string,
): string => {
  const node2 = 'skip_connect~0,skip_connect~1';
  const node3 = `sep_conv_3x3:${a}~1,sep_conv_3x3:${b}~2`;
  const node4 = `sep_conv_3x3:${c}~0,skip_connect~1`;
  const node5 = `max_pool_3x3~0,sep_conv_3x3:${d}~1`;
  const reduce = `max_pool_3x3~0,skip_connect~1|max_pool_3x3~0,max_pool_3x3~1|max_pool_3x3~0,max_pool_3x3~1|max_pool_3x3~0,dil_conv_5x5:${e}~3`;
  return `darts;normal=${node2}|${node3}|${node4}|${node5};reduce=${reduce};rest=${rest}`;
};

const lenet = ([, b, c, d, e]: readonly [string, string, string, string, string]): string =>
  `lenet;conv2=${b},conv3=${c},fc1=${d},fc2=${e}`;

const BP = ['BP', 'BP', 'BP', 'BP', 'BP'] as const;
const MIXED = ['FA', 'uSF', 'brSF', 'frSF', 'BP'] as const;

export const CASES: readonly BenchmarkCase[] = [
  { name: 'lenet, BP', genotype: lenet(BP), cells: 1, channels: 16, ...SIZE, steps: 40 },
  { name: 'lenet, mixed', genotype: lenet(MIXED), cells: 1, channels: 16, ...SIZE, steps: 40 },
  {
    name: 'nb201 C16 N5, BP',
    genotype: nb201(BP, 'BP'),
    cells: 5,
    channels: 16,
    ...SIZE,
    steps: 3,
  },
  {
    name: 'nb201 C16 N5, mixed',
    genotype: nb201(MIXED, 'uSF'),
    cells: 5,
    channels: 16,
    ...SIZE,
    steps: 3,
  },
  {
    name: 'darts C16 L8, BP',
    genotype: biodarts(BP, 'BP'),
    cells: 8,
    channels: 16,
    ...SIZE,
    steps: 3,
  },
  {
    name: 'darts C16 L8, mixed',
    genotype: biodarts(MIXED, 'uSF'),
    cells: 8,
    channels: 16,
    ...SIZE,
    steps: 3,
  },
];

/** LeNet under one rule throughout: what BioTorch offers too. */
export const singleRuleCase = (rule: string): BenchmarkCase => ({
  name: `lenet, ${rule}, beside BioTorch`,
  genotype: lenet([rule, rule, rule, rule, rule]),
  cells: 1,
  channels: 16,
  ...SIZE,
  steps: 40,
});

/** Networks under one rule throughout, for what a rule costs. */
export const SINGLE_RULE: Readonly<Record<string, (rule: string) => BenchmarkCase>> = {
  lenet: singleRuleCase,
  'nb201 C16 N1': (rule) => ({
    name: `nb201 C16 N1, ${rule}`,
    genotype: nb201([rule, rule, rule, rule, rule], rule),
    cells: 1,
    channels: 16,
    ...SIZE,
    steps: 8,
  }),
};
