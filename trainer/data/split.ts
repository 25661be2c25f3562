// Divides a training part into pictures to learn from and pictures to score by. Test pictures never come here.
import { Random } from '../random.ts';

export interface SplitOptions {
  /** Pictures held out. */
  readonly validationPictures: number;
  /** Pictures to learn from; default: all that validation leaves. */
  readonly trainPictures?: number;
  /** The same seed gives the same division on every machine. */
  readonly seed: number;
}

/** Indices into the training part, disjoint, in shuffled order. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** More pictures were asked for than there are. */
export class SplitError extends Error {
  override readonly name = 'SplitError';
}

/**
 * Shuffles 0 .. count - 1 once: validation takes the head, training what follows. So with one seed a smaller
 * `trainPictures` is a prefix of a larger one, and both meet the same validation pictures.
 */
export function splitTraining(count: number, options: SplitOptions): Split {
  const { validationPictures, seed } = options;
  const trainPictures = options.trainPictures ?? count - validationPictures;
  if (validationPictures < 0 || trainPictures < 1 || validationPictures + trainPictures > count) {
    throw new SplitError(
      `dataset: expected validationPictures + trainPictures within the ${count} pictures of the training part, ` +
        `at least one of them to train on, got ${validationPictures} + ${trainPictures}. ` +
        'Lower spec.dataset.validationPictures or spec.dataset.trainPictures.',
    );
  }
  const order = Random.fromSeed(seed)
    .split('training and validation')
    .shuffle(Int32Array.from({ length: count }, (_, i) => i));
  return {
    validation: order.slice(0, validationPictures),
    train: order.slice(validationPictures, validationPictures + trainPictures),
  };
}
