// Training steps that the checks of a card compare: what is asked of a process (probe.ts), and what it answers.
import type { LearningRuleName, Precision } from '../../crds/index.ts';
import type { DeviceSettings } from '../../trainer/executors/index.ts';

export interface StepCase {
  readonly genotype: string;
  readonly cells: number;
  readonly channels: number;
  readonly batchSize: number;
  readonly steps: number;
  readonly precision?: Precision;
}

export interface ProbeRequest {
  readonly executor: 'tensorflow' | 'onnx-webgpu';
  readonly libraryDir: string;
  readonly computeCacheDir?: string;
  readonly device?: Partial<DeviceSettings>;
  readonly cases: readonly StepCase[];
}

export interface Outcome {
  /** One a step. */
  readonly losses: readonly number[];
  /** Of a step, the median of those after the first two. */
  readonly milliseconds: number;
  /** Every variable after the last step, what the optimizer keeps of gradients among them. */
  readonly variables: Readonly<Record<string, readonly number[]>>;
}

export interface ProbeAnswer {
  readonly description: {
    readonly executor: string;
    readonly library: string;
    readonly device: string;
  };
  /** Of the first card's memory after the steps, in use by whomever, in MiB, and all of it; as nvidia-smi says. */
  readonly memory?: { readonly used: number; readonly total: number };
  /** As the cases. */
  readonly outcomes: readonly Outcome[];
}

const small = { cells: 1, channels: 4, batchSize: 8, steps: 1 };

/** All operations of a family of cells, its layers under one rule. */
export const cellsUnder = (rule: LearningRuleName): StepCase => ({
  ...small,
  genotype: `nb201;nor_conv_3x3:${rule}~0|skip_connect~0,nor_conv_1x1:${rule}~1|avg_pool_3x3~0,none~1,nor_conv_3x3:${rule}~2;rest=${rule}`,
});

/** Convolutions that are grouped, dilated or learn locally. */
export const OTHER_CELLS: Readonly<Record<string, StepCase>> = {
  'depthwise and dilated convolutions': {
    ...small,
    cells: 3,
    genotype:
      'darts;normal=sep_conv_3x3:uSF~0,sep_conv_5x5:FA~1|dil_conv_3x3:brSF~0,skip_connect~2|max_pool_3x3~1,dil_conv_5x5:frSF~3|avg_pool_3x3~0,sep_conv_3x3:BP~4;reduce=skip_connect~0,max_pool_3x3~1|avg_pool_3x3~0,dil_conv_5x5:FA~1|sep_conv_5x5:uSF~0,skip_connect~1|skip_connect~2,dil_conv_3x3:frSF~1;rest=BP',
  },
  'layers that learn locally': {
    ...small,
    genotype:
      'nb201;hebbian_conv_3x3~0|softhebb_conv_3x3~0,nor_conv_1x1:FA~1|skip_connect~0,forward_forward_conv_3x3~1,nor_conv_3x3:uSF~2;rest=uSF',
  },
};

/** Without batch normalization, whose statistics are those of a worker's part. */
export const LENET: StepCase = {
  ...small,
  channels: 32,
  genotype: 'lenet;conv2=FA,conv3=uSF,fc1=brSF,fc2=frSF',
};

/** NAS-Bench-201 of 3x3 convolutions: of a size that keeps a card busy, or that a processor can bear. */
export const busy = (size: 'card' | 'processor'): StepCase => ({
  genotype:
    'nb201;nor_conv_3x3:BP~0|nor_conv_3x3:BP~0,nor_conv_3x3:BP~1|skip_connect~0,nor_conv_3x3:BP~1,nor_conv_3x3:BP~2;rest=BP',
  ...(size === 'card'
    ? { cells: 5, channels: 64, batchSize: 256, steps: 30 }
    : { cells: 1, channels: 4, batchSize: 8, steps: 4 }),
});

/** Of all weights together, and of all that the optimizer keeps of gradients: the larger distance, by the length of what is expected. */
export function apart(a: Outcome, expected: Outcome): number {
  const distances = [true, false].map((kept) => {
    const names = Object.keys(expected.variables).filter((name) => isKept(name) === kept);
    const all = ({ variables }: Outcome) => names.flatMap((name) => variables[name] ?? []);
    const [got, wanted] = [all(a), all(expected)];
    const difference = wanted.map((value, i) => value - (got[i] ?? Number.NaN));
    return lengthOf(difference) / lengthOf(wanted);
  });
  return Math.max(...distances);
}

const lengthOf = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

const isKept = (name: string): boolean => name.endsWith('/momentum');

export const lossesApart = (a: Outcome, b: Outcome): number =>
  Math.max(...b.losses.map((loss, i) => Math.abs(loss - (a.losses[i] ?? Number.NaN))));
