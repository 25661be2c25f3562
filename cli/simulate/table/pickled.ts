// Walks through what a pickle packed with bzip2 held (ADR 21), and says where it is not what it should be.
import { FormatError, readPickle } from '../../../trainer/data/index.ts';
import { TableError } from './table.ts';
import { unpacked } from './unpacked.ts';

/** Keys of dictionaries; a list stands for a tuple. */
type Key = string | number | readonly [string, number];

export interface Pickled {
  /** For messages. */
  readonly where: string;
  /** An entry of a dictionary. Throws TableError. */
  at(key: Key): Pickled;
  number(): number;
  strings(): string[];
  /** Second parts of the keys that are pairs and begin with `name`, in rising order. */
  seedsOf(name: string): number[];
}

/** Throws TableError. */
export function pickled(file: string, packed: Uint8Array): Pickled {
  const bytes = unpacked(file, packed);
  try {
    return at(file, readPickle(file, bytes));
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new TableError(`${file}: expected ${cause.expected}, got ${cause.got}`, { cause });
  }
}

function at(where: string, value: unknown): Pickled {
  const refuse = (expected: string): never => {
    throw new TableError(`${where}: expected ${expected}, got ${shown(value)}`);
  };
  const dictionary = (): ReadonlyMap<unknown, unknown> =>
    value instanceof Map ? value : refuse('a dictionary');
  return {
    where,
    at(key) {
      const entries = dictionary();
      const found = entries.has(key) ? key : pairIn(entries, key);
      if (found === undefined) return refuse(`an entry ${shown(key)}`);
      return at(`${where}: ${shown(key)}`, entries.get(found));
    },
    number: () => (typeof value === 'number' ? value : refuse('a number')),
    strings: () =>
      Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? value
        : refuse('a list of texts'),
    seedsOf: (name) =>
      [...dictionary().keys()]
        .flatMap((key) => (isPair(key) && key[0] === name ? [key[1]] : []))
        .toSorted((a, b) => a - b),
  };
}

/** The key that is the same pair: Maps take no two lists for one. */
const pairIn = (entries: ReadonlyMap<unknown, unknown>, pair: Key): unknown =>
  [...entries.keys()].find(
    (key) =>
      Array.isArray(key) &&
      Array.isArray(pair) &&
      key.length === pair.length &&
      key.every((part, i) => part === pair[i]),
  );

const isPair = (key: unknown): key is readonly [string, number] =>
  Array.isArray(key) && key.length === 2 && typeof key[1] === 'number';

/** Dictionaries by their keys, a few of them. */
function shown(value: unknown): string {
  if (!(value instanceof Map)) return plain(value);
  return `a dictionary with ${[...value.keys()].slice(0, 6).map(plain).join(', ') || 'nothing'}`;
}

/** A list may hold itself, or the same list a million times over: no more than pairs are printed. */
function plain(value: unknown): string {
  if (isPair(value)) return `[${plain(value[0])}, ${value[1]}]`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
