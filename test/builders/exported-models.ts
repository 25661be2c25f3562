// model.onnx of small networks with everything at random, as trainers write it, and pictures to show them.
import { parseGenotype, printGenotype } from '../../crds/index.ts';
import { exportOnnx } from '../../trainer/export/index.ts';
import { VariableTable } from '../../trainer/primitives/index.ts';
import { sizeOf } from '../../trainer/program/index.ts';
import { Random } from '../../trainer/random.ts';
import { inferenceEntry } from '../../trainer/training/index.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS, type SmallNetwork } from './networks.ts';

const statisticsOf = (channels: number) => ({
  mean: [0.49, 0.48, 0.45].slice(0, channels),
  deviation: [0.25, 0.24, 0.26].slice(0, channels),
});

export async function modelOf(small: SmallNetwork): Promise<Uint8Array> {
  const { task } = small;
  const variables = new VariableTable();
  const network = await makeNetwork(small);
  const entry = inferenceEntry({
    network,
    task,
    statistics: statisticsOf(task.channels),
    variables,
  });
  const classes = Array.from({ length: task.classes }, (_, i) => `class ${i}`);
  return exportOnnx({
    entry,
    values: randomValues(variables.all),
    metadata: {
      genotype: printGenotype(parseGenotype(small.genotype)),
      dataset: 'cifar10',
      classes: JSON.stringify(classes),
      accuracy: '0.875',
    },
  });
}

/** [n,C,H,W] in [0,1] */
export function somePictures({ height, width, channels }: SmallNetwork['task'], n: number) {
  const random = Random.fromSeed(n);
  const shape = [n, channels, height, width];
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.uniform()) };
}

const [lenet5, nb201, darts] = ['lenet-5', 'nb201', 'darts'].map((name) => SMALL_NETWORKS[name]);
if (lenet5 === undefined || nb201 === undefined || darts === undefined)
  throw new Error('no such small networks');
/** What else may differ between a network and its module: sides that leave several pixels, several cells, stems, parts that nobody reads. */
export const OTHER_NETWORKS: Readonly<Record<string, SmallNetwork>> = {
  'lenet-5 of several pixels': { ...lenet5, task: { ...lenet5.task, height: 36, width: 32 } },
  'nb201 of three cells': { ...nb201, shape: { channels: 3, cells: 3 } },
  'nb201 with a node that leads nowhere': {
    ...nb201,
    genotype:
      'nb201;nor_conv_3x3:uSF~0|skip_connect~0,none~1|nor_conv_1x1:FA~0,none~1,none~2;rest=BP',
  },
  'nb201 with a node of zeros': {
    ...nb201,
    genotype:
      'nb201;none~0|skip_connect~0,nor_conv_1x1:FA~1|avg_pool_3x3~0,nor_conv_3x3:uSF~1,none~2;rest=BP',
  },
  'nb201 whose cell reads nothing': {
    ...nb201,
    genotype:
      'nb201;none~0|nor_conv_3x3:uSF~0,nor_conv_1x1:FA~1|none~0,nor_conv_3x3:uSF~1,none~2;rest=BP',
    shape: { channels: 4, cells: 2 },
  },
  'darts of one cell': { ...darts, shape: { channels: 4, cells: 1 } },
  'darts of five cells': { ...darts, shape: { channels: 2, cells: 5 } },
  'darts of large pictures': { ...darts, task: { ...darts.task, height: 128, width: 130 } },
};
