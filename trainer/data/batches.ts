// Prepares batches of uint8 pictures by their plan. Pictures in memory are copied, those on disk decoded, a few at once.
import type { Random } from '../random.ts';
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

/** One picture of the set in its size, before augmentation. */
type Source = (picture: number, random: Random | undefined) => Pixels | Promise<Pixels>;

/** Prepares the plan's batches one by one as they are asked for; each has fresh buffers. Throws RangeError at once, PictureError later. */
export function prepareBatches(
  plan: EpochPlan,
  { decoders = 3 }: PreparationOptions = {},
): AsyncGenerator<Batch, undefined> {
  checkPlan(plan);
  return batchesOf(plan, decoders);
}

async function* batchesOf(plan: EpochPlan, decoders: number): AsyncGenerator<Batch, undefined> {
  const source = await sourceOf(plan);
  for (const choice of choicesOf(plan))
    yield await prepareBatch(plan, choice, { source, decoders });
}

async function sourceOf({ set, augmentation }: EpochPlan): Promise<Source> {
  return 'pictures' in set ? inMemory(set) : onDisk(set, augmentation.resizedCrop ?? 0);
}

function inMemory({ pictures, height, width, channels }: PictureSet): Source {
  return (picture) => ({ data: pictures, at: picture * height * width * channels });
}

async function onDisk(set: PictureFiles, resizedCrop: number): Promise<Source> {
  const { files, labels, classes, width, height } = set;
  const size = { width, height };
  const decode = await openDecoder();
  return async (index, random) => {
    const path = `${files.directory}/${classes[labels[index] ?? 0]}/${nameAt(files, index)}`;
    const data = await decode(path, (picture) => {
      if (random !== undefined && resizedCrop > 0)
        return { before: randomPart(random, picture, resizedCrop), resized: size };
      const { resized, part } = evaluationPart(picture, size);
      return { resized, after: part };
    });
    return { data, at: 0 };
  };
}

const UNCHANGED = { top: 0, left: 0, mirrored: false, holeRow: 0, holeColumn: 0 };

async function prepareBatch(
  plan: EpochPlan,
  { index, chosen, random }: BatchChoice,
  { source, decoders }: { readonly source: Source; readonly decoders: number },
): Promise<Batch> {
  const { set, augmentation } = plan;
  const size = plan.lastBatch === 'pad' ? plan.batchSize : chosen.length;
  const area = set.height * set.width;
  const pictures = new Uint8Array(size * area * set.channels);
  const labels = new Int32Array(size).fill(NO_PICTURE);
  const keep = augmentation.cutout > 0 ? new Uint8Array(size * area).fill(1) : undefined;
  const changes = Array.from(chosen, () =>
    random ? drawChange(random, set, augmentation) : UNCHANGED,
  );
  // Pictures end in any order, so each has draws of its own.
  await severalAtOnce(decoders, changes, async (change, place) => {
    const picture = chosen[place] as number;
    const from = await source(picture, random?.split(`picture ${place}`));
    copyChanged(from, { data: pictures, at: place * area * set.channels }, set, change);
    if (keep) cutHole({ data: keep, at: place * area }, set, change, augmentation.cutout);
    labels[place] = set.labels[picture] as number;
  });
  return { index, pictures, labels, ...(keep ? { keep } : {}) };
}

async function severalAtOnce<T>(
  width: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
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
