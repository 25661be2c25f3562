// One epoch as a plan: which pictures are in which batch. Every batch follows from (seed, epoch, its number) alone, so an epoch can be
// taken up at any batch and gives the same pictures, wherever and in whichever thread they are prepared.
import { Random } from '../random.ts';
import { ALONE, type Worker } from '../worker.ts';
import { type AugmentationOptions, NO_AUGMENTATION } from './augmentation.ts';
import { type DatasetPart, pictureCount } from './dataset.ts';
import { givenOrder, shuffledOrder } from './order.ts';
import { placesOf, shareFault } from './share.ts';

/** The label of a place that holds no picture. Its pixels are 0; loss and accuracy leave it out. */
export const NO_PICTURE = -1;

export interface Batch {
  /** Number in its epoch, from 0. */
  readonly index: number;
  /** B x height x width x channels */
  readonly pictures: Uint8Array;
  /** B x height x width x 1: 0 inside the cutout hole, else 1. Only where cutout is on. Multiply after normalising. */
  readonly keep?: Uint8Array;
  /** B class indices, or NO_PICTURE */
  readonly labels: Int32Array;
}

/** What becomes of the last batch when the pictures do not fill it: shorter, left out, or padded with NO_PICTURE. */
export type LastBatch = 'keep' | 'drop' | 'pad';

/** All that determines the batches of one epoch. Plain data: it travels to the preparing thread. */
export interface EpochPlan {
  readonly set: DatasetPart;
  /** Which pictures of the set; default: all. */
  readonly indices?: Int32Array;
  readonly batchSize: number;
  /** Shuffled anew in each epoch, or in the given order. */
  readonly order:
    | { readonly kind: 'shuffled'; readonly seed: number; readonly epoch: number }
    | { readonly kind: 'given' };
  readonly augmentation: AugmentationOptions;
  readonly lastBatch: LastBatch;
  /** Number of the first batch to yield; default 0. */
  readonly firstBatch?: number;
  /** Of each batch the pictures at `placesOf` alone, with the same pixels as in the whole batch. Default: all. */
  readonly share?: Worker;
}

export interface TrainingOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** from 0 */
  readonly epoch: number;
  readonly augmentation?: AugmentationOptions;
  /** default `keep` */
  readonly lastBatch?: LastBatch;
  readonly firstBatch?: number;
  readonly share?: Worker | undefined;
}

/** A shuffled, augmented epoch over the pictures at `indices` (default: all). */
export function trainingEpoch(
  set: DatasetPart,
  indices: Int32Array | undefined,
  options: TrainingOptions,
): EpochPlan {
  return {
    set,
    ...(indices ? { indices } : {}),
    batchSize: options.batchSize,
    order: { kind: 'shuffled', seed: options.seed, epoch: options.epoch },
    augmentation: options.augmentation ?? NO_AUGMENTATION,
    lastBatch: options.lastBatch ?? 'keep',
    firstBatch: options.firstBatch ?? 0,
    ...(options.share ? { share: options.share } : {}),
  };
}

/** The pictures at `indices` (default: all) as they are, in order, every batch full: the last padded. */
export function evaluationEpoch(
  set: DatasetPart,
  indices: Int32Array | undefined,
  options: { readonly batchSize: number; readonly share?: Worker | undefined },
): EpochPlan {
  return {
    set,
    ...(indices ? { indices } : {}),
    batchSize: options.batchSize,
    order: { kind: 'given' },
    augmentation: NO_AUGMENTATION,
    lastBatch: 'pad',
    ...(options.share ? { share: options.share } : {}),
  };
}

/** Batches of a whole epoch, `firstBatch` aside. */
export function batchCount(plan: EpochPlan): number {
  const batches = (plan.indices?.length ?? pictureCount(plan.set)) / plan.batchSize;
  return plan.lastBatch === 'drop' ? Math.floor(batches) : Math.ceil(batches);
}

/** The pictures of one batch, or a worker's share of it, and its randomness. */
export interface BatchChoice {
  readonly index: number;
  /** Of the batch, at which the first of `chosen` stands. */
  readonly firstPlace: number;
  /** Places, those that hold no picture included: at least as many as are chosen. */
  readonly places: number;
  /** Indices into the set. */
  readonly chosen: Int32Array;
  /** Pictures of the whole batch. */
  readonly pictures: number;
  /** Of the whole batch. Absent: no augmentation. */
  readonly random: Random | undefined;
}

export function* choicesOf(plan: EpochPlan): Generator<BatchChoice, undefined> {
  const random = epochRandom(plan);
  const order = pictureOrder(plan, random);
  const count = batchCount(plan);
  for (let index = plan.firstBatch ?? 0; index < count; index++) {
    const batch = order.subarray(index * plan.batchSize, (index + 1) * plan.batchSize);
    const size = plan.lastBatch === 'pad' ? plan.batchSize : batch.length;
    const { first, end } = placesOf(size, plan.share ?? ALONE);
    yield {
      index,
      firstPlace: first,
      places: end - first,
      chosen: batch.subarray(first, end),
      pictures: batch.length,
      random: random?.split(`batch ${index}`),
    };
  }
}

function epochRandom({ order }: EpochPlan): Random | undefined {
  if (order.kind === 'given') return undefined;
  return Random.fromSeed(order.seed).split(`epoch ${order.epoch}`);
}

function pictureOrder(plan: EpochPlan, random: Random | undefined): Int32Array {
  const order =
    plan.indices?.slice() ?? Int32Array.from({ length: pictureCount(plan.set) }, (_, i) => i);
  if (random === undefined) return givenOrder(plan.set, order);
  return shuffledOrder(plan.set, order, random.split('order'));
}

type Refuse = (what: string, expected: string, got: unknown) => void;

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0;

/** @throws RangeError for a plan that cannot be */
export function checkPlan(plan: EpochPlan): void {
  const refuse: Refuse = (what, expected, got) => {
    throw new RangeError(`batches of ${plan.set.name}: expected ${what} ${expected}, got ${got}`);
  };
  const { batchSize, indices, firstBatch = 0, share = ALONE } = plan;
  if (!isCount(batchSize) || batchSize < 1) refuse('batchSize', 'of at least 1', batchSize);
  if (!isCount(firstBatch)) refuse('firstBatch', 'of at least 0', firstBatch);
  const fault = shareFault(share, batchSize);
  if (fault !== undefined) refuse(...fault);
  checkAugmentation(plan, refuse);
  const count = pictureCount(plan.set);
  const outside = indices?.find((picture) => picture < 0 || picture >= count);
  if (outside !== undefined) refuse('indices', `from 0 to ${count - 1}`, outside);
}

function checkAugmentation({ set, augmentation }: EpochPlan, refuse: Refuse): void {
  const { crop, cutout, resizedCrop = 0 } = augmentation;
  if (!isCount(crop)) refuse('crop', 'of at least 0 pixels', crop);
  if (!isCount(cutout)) refuse('cutout', 'of at least 0 pixels', cutout);
  if (!(resizedCrop >= 0 && resizedCrop <= 1)) refuse('resizedCrop', 'from 0 to 1', resizedCrop);
  if (resizedCrop > 0 && 'pictures' in set)
    refuse('resizedCrop', 'of 0, as these pictures have one size', resizedCrop);
  if (augmentation.colorJitter !== undefined && set.channels !== 3)
    refuse('colorJitter', 'of pictures in colour', `pictures of ${set.channels} channel`);
}
