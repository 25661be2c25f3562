// Python pickles as data (ADR 21). A pickle is a program that may call what it names: here it may name three things, which make
// numbers and dictionaries; whatever else it names is refused.
import { Parser } from 'pickleparser';
import seekBzip from 'seek-bzip';
import { TableError } from './table.ts';

/** A dtype of NumPy: `f8` is float64. */
class DataType {
  readonly name: unknown;

  constructor(name: unknown) {
    this.name = name;
  }
}

/** What a pickle may call; NumPy 2 has another name for the last. Of a dtype's state, which says its byte order, nothing is read. */
const CALLABLE: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  'collections OrderedDict': () => new Map(),
  'numpy dtype': (name) => new DataType(name),
  'numpy.core.multiarray scalar': scalar,
  'numpy._core.multiarray scalar': scalar,
};

/** The object that was pickled and packed with bzip2: dictionaries are Maps, lists and tuples arrays. Throws TableError. */
export function readPickle(file: string, packed: Uint8Array): unknown {
  try {
    return new Parser({
      nameResolver: { resolve },
      unpicklingTypeOfDictionary: 'Map',
      unpicklingTypeOfSet: 'Set',
    }).parse(seekBzip.decode(packed));
  } catch (cause) {
    throw new TableError(
      `${file}: expected a pickle of plain data, packed with bzip2, got ${(cause as Error).message}`,
      { cause },
    );
  }
}

function resolve(module: string, name: string): (...values: unknown[]) => unknown {
  const callable = CALLABLE[`${module} ${name}`];
  if (callable === undefined)
    throw new PickleError(`a call of ${module}.${name}, which is no data`);
  return callable;
}

function scalar(type: unknown, bytes: unknown): number {
  if (!(type instanceof DataType) || type.name !== 'f8' || !(bytes instanceof Uint8Array))
    throw new PickleError('a number of NumPy that is no float64');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0, true);
}

class PickleError extends Error {
  override readonly name = 'PickleError';
}
