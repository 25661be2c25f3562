// Batches a second at B = 64 on 32 x 32 x 3 pictures with crop, flip and cutout: in the caller's thread, and from the
// preparing thread to a caller that does nothing else. Prints a table; the pictures are made up. Given a directory with class folders
// (train/CLASS, val/CLASS, as ImageNet's), photographs a second from there, decoded, cropped and flipped, by how many at once.
import { readdirSync } from 'node:fs';
import {
  type Batch,
  type BatchStream,
  createInThreadStream,
  createPrefetchStream,
  loadDataset,
  sharePictures,
  trainingEpoch,
} from '../trainer/data/index.ts';

const COUNT = 50_000;
const ROUNDS = 5;
const RECIPE = { batchSize: 64, seed: 1 };
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

/** Units a second over an epoch. */
async function rateOf(
  stream: BatchStream,
  plan: ReturnType<typeof trainingEpoch>,
  unitsOf: (batch: Batch) => number,
): Promise<number> {
  const start = performance.now();
  let units = 0;
  for await (const batch of stream.batches(plan)) units += unitsOf(batch);
  return units / ((performance.now() - start) / 1000);
}

async function tell(
  name: string,
  stream: BatchStream,
  { unit, rate }: { readonly unit: string; readonly rate: (epoch: number) => Promise<number> },
): Promise<void> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rates.push(await rate(round));
  await stream.close();
  const sorted = rates.toSorted((a, b) => a - b).map(Math.round);
  console.log(`${name}: best ${sorted.at(-1)}, median ${sorted[ROUNDS >> 1]} ${unit}/s`);
}

async function photographs(path: string): Promise<void> {
  const classes = readdirSync(`${path}/train`).length;
  const { train } = await loadDataset({ name: 'imagenet', path, classes }, { cacheDir: path });
  const recipe = { crop: 0, flip: true, cutout: 0, resizedCrop: 0.08 };
  for (const decoders of [1, 2, 3]) {
    const stream = createPrefetchStream({ decoders });
    const rate = (epoch: number) =>
      rateOf(
        stream,
        trainingEpoch(train, undefined, { ...RECIPE, epoch, augmentation: recipe }),
        ({ labels }) => labels.length,
      );
    await tell(`${decoders} at once`, stream, { unit: 'pictures', rate });
  }
}

for (const [name, stream] of [
  ['in thread', createInThreadStream()],
  ['prefetched', createPrefetchStream()],
] as const) {
  const rate = (epoch: number) =>
    rateOf(stream, trainingEpoch(set, undefined, { ...RECIPE, epoch, augmentation }), () => 1);
  await tell(name, stream, { unit: 'batches', rate });
}

const [directory] = process.argv.slice(2);
if (directory !== undefined) await photographs(directory);
