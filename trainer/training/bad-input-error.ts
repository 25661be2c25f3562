// Bottom of training's errors: what no further attempt can change.

/** A Trial that cannot be read, or not be trained as it is written. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
}
