// Prepares batches of uint8 pictures by their plan. Pictures in memory are copied, those on disk decoded, a few at once.
import { copyChanged, cutHole, drawChange, type Pixels } from './augmentation.ts';
import type { PictureFiles, PictureSet } from './dataset.ts';
import { openDecoder } from './decode.ts';
import {
  type Batch,
  type BatchChoice,
  checkPlan,
  choicesOf,
  type EpochPlan,
  NO_PICTURE,
} from './epoch.ts';
import { nameAt } from './file-names.ts';
import { evaluationPart, randomPart } from './picture-part.ts';

export interface PreparationOptions {
  /** Pictures on disk that are read and decoded at once; default 3. */
  readonly decoders?: number;
}

/** Puts each picture of a batch, in the set's size and before augmentation, to its place. */
type Source = (
  choice: BatchChoice,
  put: (place: number, from: Pixels) => void,
) => void | Promise<void>;

/** Prepares the plan's batches one by one as they are asked for; each has fresh buffers. Throws RangeError at once, PictureError later. */
export function prepareBatches(
  plan: EpochPlan,
  { decoders = 3 }: PreparationOptions = {},
): AsyncGenerator<Batch, undefined> {
  checkPlan(plan);
  return batchesOf(plan, decoders);
}

async function* batchesOf(plan: EpochPlan, decoders: number): AsyncGenerator<Batch, undefined> {
  const { set, augmentation } = plan;
  const { resizedCrop = 0 } = augmentation;
  const source = 'pictures' in set ? inMemory(set) : await onDisk(set, { resizedCrop, decoders });
  for (const choice of choicesOf(plan)) yield await prepareBatch(plan, choice, source);
}

function inMemory({ pictures, height, width, channels }: PictureSet): Source {
  const bytes = height * width * channels;
  return ({ chosen }, put) => {
    for (const [place, picture] of chosen.entries())
      put(place, { data: pictures, at: picture * bytes });
  };
}

interface Decoding {
  readonly resizedCrop: number;
  readonly decoders: number;
}

async function onDisk(set: PictureFiles, { resizedCrop, decoders }: Decoding): Promise<Source> {
  const { files, labels, classes, width, height } = set;
  const size = { width, height };
  const decode = await openDecoder();
  const pathOf = (index: number) =>
    `${files.directory}/${classes[labels[index] ?? 0]}/${nameAt(files, index)}`;
  return ({ chosen, firstPlace, random }, put) =>
    severalAtOnce(decoders, chosen, async (index, place) => {
      // Pictures end in any order, so each has draws of its own.
      const draws = resizedCrop > 0 ? random?.split(`picture ${firstPlace + place}`) : undefined;
      const data = await decode(pathOf(index), (picture) => {
        if (draws !== undefined)
          return { before: randomPart(draws, picture, resizedCrop), resized: size };
        const { resized, part } = evaluationPart(picture, size);
        return { resized, after: part };
      });
      put(place, { data, at: 0 });
    });
}

const UNCHANGED = { top: 0, left: 0, mirrored: false, holeRow: 0, holeColumn: 0 };

async function prepareBatch(plan: EpochPlan, choice: BatchChoice, source: Source): Promise<Batch> {
  const { set, augmentation } = plan;
  const { index, chosen, firstPlace, places: size, random } = choice;
  const area = set.height * set.width;
  const pictures = new Uint8Array(size * area * set.channels);
  const labels = new Int32Array(size).fill(NO_PICTURE);
  labels.set(chosen.map((picture) => set.labels[picture] as number));
  const keep = augmentation.cutout > 0 ? new Uint8Array(size * area).fill(1) : undefined;
  // One after the other through the batch: a share draws what lies before it, too.
  const changes = Array.from({ length: firstPlace + chosen.length }, () =>
    random ? drawChange(random, set, augmentation) : UNCHANGED,
  ).slice(firstPlace);
  await source(choice, (place, from) => {
    const change = changes[place] ?? UNCHANGED;
    copyChanged(from, { data: pictures, at: place * area * set.channels }, set, change);
    if (keep) cutHole({ data: keep, at: place * area }, set, change, augmentation.cutout);
  });
  return { index, pictures, labels, ...(keep ? { keep } : {}) };
}

/** Stops with the first error. */
async function severalAtOnce(
  width: number,
  items: Int32Array,
  work: (item: number, index: number) => Promise<void>,
): Promise<void> {
  // A generator: the first lane that fails ends it for all.
  const waiting = (function* () {
    yield* items.entries();
  })();
  const lane = async () => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
