// ONNX Runtime answers as our executors do: every family of networks, one picture and several.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  createReferenceExecutor,
  type Executor,
  type Tensors,
} from '../../../../trainer/executors/index.ts';
import { exportOnnx } from '../../../../trainer/export/index.ts';
import { NCHW_OF_NHWC, permuted } from '../../../../trainer/layouts.ts';
import { VariableTable } from '../../../../trainer/primitives/index.ts';
import { createProgram, sizeOf } from '../../../../trainer/program/index.ts';
import { Random } from '../../../../trainer/random.ts';
import { inferenceEntry } from '../../../../trainer/training/index.ts';
import {
  makeNetwork,
  randomValues,
  SMALL_NETWORKS,
  type SmallNetwork,
} from '../../../builders/networks.ts';
import { tensorFlow } from '../../../builders/tensorflow.ts';

const statisticsOf = (channels: number) => ({
  mean: [0.49, 0.48, 0.45].slice(0, channels),
  deviation: [0.25, 0.24, 0.26].slice(0, channels),
});

async function exported(small: SmallNetwork) {
  const network = await makeNetwork(small);
  const { task } = small;
  const variables = new VariableTable();
  const plan = { network, task, statistics: statisticsOf(task.channels), variables };
  const entry = inferenceEntry(plan);
  const values = randomValues(variables.all);
  const model = exportOnnx({ entry, values, metadata: {} });
  return { model, values, entryOf: (batch: number) => inferenceEntry(plan, batch), variables };
}

/** [n,H,W,C] in [0,1] */
function somePictures({ height, width, channels }: SmallNetwork['task'], n: number) {
  const random = Random.fromSeed(n);
  const shape = [n, height, width, channels];
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.uniform()) };
}

async function answerOf(
  executor: Executor,
  { entryOf, variables, values }: Awaited<ReturnType<typeof exported>>,
  pictures: ReturnType<typeof somePictures>,
) {
  const entry = entryOf(pictures.shape[0] ?? 1);
  const session = await executor.open(createProgram(variables.all, [entry]));
  await session.write(values);
  const inputs: Tensors = {
    pictures: { dtype: 'float32', ...pictures },
    key: { dtype: 'int32', shape: [2], data: new Int32Array(2) },
  };
  const { logits } = await session.run('infer', inputs);
  session.close();
  return logits;
}

async function runtimeAnswer(model: Uint8Array, pictures: ReturnType<typeof somePictures>) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const { shape, data } = permuted(pictures, NCHW_OF_NHWC);
  const { logits } = await session.run({ pictures: new Tensor('float32', data, shape) });
  await session.release();
  return logits;
}

/** Largest difference over the largest number. */
function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  const numbers = Array.from(expected);
  const scale = Math.max(...numbers.map(Math.abs));
  return Math.max(...numbers.map((each, i) => Math.abs(each - (got[i] ?? Number.NaN)))) / scale;
}

describe.each(Object.entries(SMALL_NETWORKS))('%s', (_, small) => {
  test.each([1, 5])('answers for %i pictures as the reference does', async (n) => {
    const network = await exported(small);
    const pictures = somePictures(small.task, n);
    const got = await runtimeAnswer(network.model, pictures);
    const expected = await answerOf(createReferenceExecutor(), network, pictures);
    expect(got?.dims).toEqual([n, small.task.classes]);
    expect(relativeError(got?.data as Float32Array, expected?.data ?? [])).toBeLessThan(1e-4);
  });

  test.runIf(tensorFlow !== undefined)('answers as TensorFlow does', async () => {
    const network = await exported(small);
    const pictures = somePictures(small.task, 5);
    const got = await runtimeAnswer(network.model, pictures);
    const expected = await answerOf(tensorFlow as Executor, network, pictures);
    expect(relativeError(got?.data as Float32Array, expected?.data ?? [])).toBeLessThan(1e-4);
  });
});
