// Batches a second at B = 64 on 32 x 32 x 3 pictures with crop, flip and cutout: in the caller's thread, and from the
// preparing thread to a caller that does nothing else. Prints a table; the pictures are made up. Given a directory with class folders
// (train/CLASS, val/CLASS, as ImageNet's), photographs a second from there, decoded, cropped and flipped, by how many at once.
import { readdirSync } from 'node:fs';
import {
  type BatchStream,
  createInThreadStream,
  createPrefetchStream,
  loadDataset,
  sharePictures,
  trainingEpoch,
} from '../trainer/data/index.ts';

const COUNT = 50_000;
const ROUNDS = 5;
const BATCH_SIZE = 64;
const augmentation = { crop: 4, flip: true, cutout: 16 };

const set = sharePictures({
  name: 'made up',
  pictures: new Uint8Array(COUNT * 3072).map((_, i) => i),
  labels: new Int32Array(COUNT),
  height: 32,
  width: 32,
  channels: 3,
  classes: ['one'],
});

async function photographs(path: string): Promise<void> {
  const classes = readdirSync(`${path}/train`).length;
  const { train } = await loadDataset({ name: 'imagenet', path, classes }, { cacheDir: path });
  const recipe = { crop: 0, flip: true, cutout: 0, resizedCrop: 0.08 };
  for (const decoders of [1, 2, 3]) {
    const stream = createPrefetchStream({ decoders });
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      let pictures = 0;
      const plan = trainingEpoch(train, undefined, {
        batchSize: BATCH_SIZE,
        seed: 1,
        epoch: round,
        augmentation: recipe,
      });
      for await (const batch of stream.batches(plan)) pictures += batch.labels.length;
      rates.push(pictures / ((performance.now() - start) / 1000));
    }
    await stream.close();
    const sorted = rates.toSorted((a, b) => a - b).map(Math.round);
    console.log(
      `${decoders} at once: best ${sorted.at(-1)}, median ${sorted[ROUNDS >> 1]} pictures/s`,
    );
  }
}

async function epoch(stream: BatchStream, number: number) {
  const start = performance.now();
  let batches = 0;
  const plan = trainingEpoch(set, undefined, {
    batchSize: BATCH_SIZE,
    seed: 1,
    epoch: number,
    augmentation,
  });
  for await (const batch of stream.batches(plan)) batches += batch.index >= 0 ? 1 : 0;
  return batches / ((performance.now() - start) / 1000);
}

for (const [name, stream] of [
  ['in thread', createInThreadStream()],
  ['prefetched', createPrefetchStream()],
] as const) {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rates.push(await epoch(stream, round));
  await stream.close();
  const sorted = rates.toSorted((a, b) => a - b).map(Math.round);
  console.log(`${name}: best ${sorted.at(-1)}, median ${sorted[ROUNDS >> 1]} batches/s`);
}

const [directory] = process.argv.slice(2);
if (directory !== undefined) await photographs(directory);
