// Prepares batches of uint8 pictures by their plan. Pictures in memory are copied, those on disk decoded, a few at once.
import { copyChanged, cutHole, drawChange, type Pixels } from './augmentation.ts';
import { drawJitter, jitter } from './color-jitter.ts';
import { type Photographs, type PictureSet, pictureCount } from './dataset.ts';
import { openDecoder } from './decode.ts';
import {
  type Batch,
  type BatchChoice,
  checkPlan,
  choicesOf,
  type EpochPlan,
  NO_PICTURE,
} from './epoch.ts';
import { evaluationPart, randomPart, type Size } from './picture-part.ts';
import { readAhead } from './picture-reader.ts';
import { severalAtOnce } from './several-at-once.ts';
import { type StoreSettings, storeSettings } from './stores/index.ts';

export interface PreparationOptions {
  /** Photographs that are decoded at once; default 3. */
  readonly decoders?: number;
  /** Of the places where photographs lie. Default: nothing is known of S3 but its public buckets. */
  readonly stores?: StoreSettings;
}

/** Puts each picture of a batch, in the set's size and before augmentation, to its place. */
type Source = (
  choice: BatchChoice,
  put: (place: number, from: Pixels) => void,
) => void | Promise<void>;

/** Prepares the plan's batches one by one as they are asked for; each has fresh buffers. Throws RangeError at once, PictureError or StoreError later. */
export function prepareBatches(
  plan: EpochPlan,
  options: PreparationOptions = {},
): AsyncGenerator<Batch, undefined> {
  checkPlan(plan);
  return batchesOf(plan, options);
}

async function* batchesOf(
  plan: EpochPlan,
  options: PreparationOptions,
): AsyncGenerator<Batch, undefined> {
  const { set } = plan;
  const source = 'pictures' in set ? inMemory(set) : await whereTheyLie(plan, set, options);
  for (const choice of choicesOf(plan)) yield await prepareBatch(plan, choice, source);
}

function inMemory({ pictures, height, width, channels }: PictureSet): Source {
  const bytes = height * width * channels;
  return ({ chosen }, put) => {
    for (const [place, picture] of chosen.entries())
      put(place, { data: pictures, at: picture * bytes });
  };
}

/** Of so many pictures of a block one is wanted: then it is not worth to read the block. */
const SPARSE = 8;

async function whereTheyLie(
  plan: EpochPlan,
  set: Photographs,
  { decoders = 3, stores = storeSettings({}) }: PreparationOptions,
): Promise<Source> {
  const { resizedCrop = 0 } = plan.augmentation;
  const size = { width: set.width, height: set.height };
  const decode = await openDecoder();
  const wanted = plan.indices?.length ?? pictureCount(set);
  const isSparse = wanted * SPARSE < pictureCount(set);
  const next = readAhead(set, picturesOf(plan), { stores, isSparse });
  return ({ chosen, firstPlace, random }, put) =>
    severalAtOnce(decoders, chosen, async (_, place) => {
      // Pictures end in any order, so each has draws of its own.
      const draws = resizedCrop > 0 ? random?.split(`picture ${firstPlace + place}`) : undefined;
      const cutOf = (picture: Size) => {
        if (draws !== undefined)
          return { before: randomPart(draws, picture, resizedCrop), resized: size };
        const { resized, part } = evaluationPart(picture, size);
        return { resized, after: part };
      };
      await decode(await next(), cutOf, (data) => put(place, { data, at: 0 }));
    });
}

/** Of all batches, one after the other. */
function* picturesOf(plan: EpochPlan): Generator<number> {
  for (const { chosen } of choicesOf(plan)) yield* chosen;
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
  // One after the other through the batch: a share draws all of it, so that what is drawn later is the same for all.
  const changes = Array.from({ length: choice.pictures }, () =>
    random ? drawChange(random, set, augmentation) : UNCHANGED,
  ).slice(firstPlace, firstPlace + chosen.length);
  await source(choice, (place, from) => {
    const change = changes[place] ?? UNCHANGED;
    copyChanged(from, { data: pictures, at: place * area * set.channels }, set, change);
    if (augmentation.colorJitter && random) {
      const steps = drawJitter(
        random.split(`jitter ${firstPlace + place}`),
        augmentation.colorJitter,
      );
      jitter(pictures.subarray(3 * place * area, 3 * (place + 1) * area), steps);
    }
    if (keep) cutHole({ data: keep, at: place * area }, set, change, augmentation.cutout);
  });
  return { index, pictures, labels, ...(keep ? { keep } : {}) };
}
