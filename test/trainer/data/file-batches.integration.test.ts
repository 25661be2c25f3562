// Batches of pictures that stay on disk: the same whoever prepares them and wherever they are taken up, each with its label.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import {
  type Batch,
  createInThreadStream,
  createPrefetchStream,
  type EpochPlan,
  evaluationEpoch,
  NO_PICTURE,
  trainingEpoch,
} from '../../../trainer/data/index.ts';
import { CLASSES, makeFolders, partsIn } from './picture-folders.ts';

const PIXELS = 224 * 224 * 3;
const augmentation = { crop: 0, flip: true, cutout: 0, resizedCrop: 0.08 };
const training = { batchSize: 4, seed: 3, epoch: 1, augmentation };

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** Of each picture: its label, and its shade as `makeFolders` draws it. */
const seen = (batches: readonly Batch[]) =>
  batches.flatMap(({ pictures, labels }) =>
    Array.from(labels, (label, i) => [label, pictures[i * PIXELS + PIXELS / 2]] as const),
  );

test('evaluation shows each in its order, padded with no picture', async () => {
  const { test: held } = await partsIn(await makeFolders({ train: 1, val: 2 }));
  const batches = await collect(prepareBatches(evaluationEpoch(held, undefined, { batchSize: 4 })));
  expect(seen(batches)).toEqual([
    [0, 200],
    [0, 201],
    [1, 210],
    [1, 211],
    [2, 220],
    [2, 221],
    [NO_PICTURE, 0],
    [NO_PICTURE, 0],
  ]);
});

test('training shows each once, with its label, shuffled anew in each epoch', async () => {
  const { train } = await partsIn(await makeFolders({ train: 4, val: 1 }));
  const epoch = async (number: number) =>
    seen(
      await collect(
        prepareBatches(trainingEpoch(train, undefined, { ...training, epoch: number })),
      ),
    );
  const [first, second] = [await epoch(0), await epoch(1)];
  const all = CLASSES.flatMap((_, label) => [0, 5, 10, 15].map((i) => [label, 60 * label + i]));
  expect(first.toSorted(([, a], [, b]) => Number(a) - Number(b))).toEqual(all);
  expect(second).not.toEqual(first);
});

test('a thread prepares what the caller would, however many pictures it decodes at once', async () => {
  const { train, test: held } = await partsIn(await makeFolders({ train: 5, val: 2 }));
  const plans: EpochPlan[] = [
    trainingEpoch(train, undefined, training),
    trainingEpoch(train, Int32Array.from([14, 3, 8]), training),
    trainingEpoch(train, undefined, { ...training, firstBatch: 2 }),
    evaluationEpoch(held, undefined, { batchSize: 4 }),
  ];
  const streams = [
    createInThreadStream(),
    createPrefetchStream({ decoders: 1 }),
    createPrefetchStream({ decoders: 7, depth: 1 }),
  ];
  for (const plan of plans) {
    const expected = await collect(prepareBatches(plan));
    for (const stream of streams) expect(await collect(stream.batches(plan))).toEqual(expected);
  }
  await Promise.all(streams.map((stream) => stream.close()));
});

test('an epoch taken up at batch k goes on as if it had not stopped', async () => {
  const { train } = await partsIn(await makeFolders({ train: 5, val: 1 }));
  const whole = await collect(prepareBatches(trainingEpoch(train, undefined, training)));
  expect(whole).toHaveLength(4);
  for (const firstBatch of [1, 3, 4]) {
    const rest = trainingEpoch(train, undefined, { ...training, firstBatch });
    expect(await collect(prepareBatches(rest))).toEqual(whole.slice(firstBatch));
  }
});

test('a worker of several sees its places of each batch, with the same crops', async () => {
  const directory = await makeFolders({ train: 3, val: 1 });
  const { train } = await partsIn(directory);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="150" height="100" fill="white"/></svg>';
  const { default: sharp } = await import('sharp');
  const picture = await sharp(Buffer.from(svg)).flatten().jpeg().toBuffer();
  for (const name of CLASSES)
    for (const i of [0, 1, 2])
      await writeFile(join(directory, 'train', name, `${name}_${i}.JPEG`), picture);
  const whole = await collect(prepareBatches(trainingEpoch(train, undefined, training)));
  for (const rank of [0, 1]) {
    const share = { rank, world: 2 };
    const plan = trainingEpoch(train, undefined, { ...training, share });
    const halves = whole.map(({ pictures, labels }) => {
      const [first, end] = [rank, rank + 1].map((ranks) => Math.floor((ranks * labels.length) / 2));
      return pictures.slice(first! * PIXELS, end! * PIXELS);
    });
    expect((await collect(prepareBatches(plan))).map(({ pictures }) => pictures)).toEqual(halves);
  }
});

test('random crops differ from epoch to epoch, and are off unless asked for', async () => {
  const directory = await makeFolders({ train: 1, val: 1 });
  const { train } = await partsIn(directory);
  // Half black, half white: what is seen of both tells the crop.
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="150" height="300" fill="white"/></svg>';
  const { default: sharp } = await import('sharp');
  await sharp(Buffer.from(svg))
    .flatten()
    .jpeg()
    .toFile(join(directory, 'train', CLASSES[0]!, `${CLASSES[0]}_0.JPEG`));
  const white = async (epoch: number, resizedCrop: number) => {
    const plan = trainingEpoch(train, Int32Array.of(0), {
      ...training,
      epoch,
      augmentation: { ...augmentation, flip: false, resizedCrop },
    });
    const [batch] = await collect(prepareBatches(plan));
    return batch!.pictures.filter((value) => value > 127).length / PIXELS;
  };
  const cropped = await Promise.all([0, 1, 2, 3].map((epoch) => white(epoch, 0.08)));
  expect(new Set(cropped).size).toBe(4);
  expect(await white(0, 0.08)).toBe(cropped[0]);
  expect(await white(0, 0)).toBeCloseTo(0.5, 2);
  expect(await white(1, 0)).toBe(await white(0, 0));
});

test('a picture that is none ends the iteration, and the message says which', async () => {
  const directory = await makeFolders({ train: 3, val: 1 });
  const broken = join(directory, 'train', CLASSES[1]!, `${CLASSES[1]}_1.JPEG`);
  await writeFile(broken, 'no picture');
  const { train, test: held } = await partsIn(directory);
  const stream = createPrefetchStream();
  await expect(collect(stream.batches(trainingEpoch(train, undefined, training)))).rejects.toThrow(
    `the preparing thread: ${broken}: expected a whole JPEG, PNG or WebP picture, got`,
  );
  const plan = evaluationEpoch(held, undefined, { batchSize: 3 });
  expect(await collect(stream.batches(plan))).toEqual(await collect(prepareBatches(plan)));
  await stream.close();
});

test('a stream may be closed while pictures are decoded', async () => {
  const { train } = await partsIn(await makeFolders({ train: 8, val: 1 }));
  for (let i = 0; i < 5; i++) {
    const stream = createPrefetchStream();
    const batches = stream
      .batches(trainingEpoch(train, undefined, training))
      [Symbol.asyncIterator]();
    await batches.next();
    await stream.close();
    await batches.return?.();
  }
});
