// The one error of every reader in this folder: which file, what was expected, what was found, what to do.

export interface FormatFault {
  readonly expected: string;
  readonly got: string;
  /** The error of a lower layer, such as zlib's. */
  readonly cause?: unknown;
}

/** A file that is not what its name promises. Nothing of it has been used. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly path: string;
  readonly expected: string;
  readonly got: string;

  constructor(path: string, fault: FormatFault) {
    super(
      `${path}: expected ${fault.expected}, got ${fault.got}. The file is damaged or another one: ` +
        'remove it and fetch the data set again (`bionas data fetch`), or correct the path of the data set.',
      fault.cause === undefined ? {} : { cause: fault.cause },
    );
    this.path = path;
    this.expected = fault.expected;
    this.got = fault.got;
  }
}
