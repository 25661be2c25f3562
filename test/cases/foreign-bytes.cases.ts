// What every reader of bytes that others wrote must do, whatever it gets: give a value or its own named error, ask for no more memory
// than the bytes pay for, and leave prototypes alone. Called once a reader by foreign-bytes.test.ts; `make fuzz` runs it for long.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestAllocation } from '../builders/allocations.ts';

export interface ForeignReader {
  /** A value, or one of `refusals`. */
  readonly read: (bytes: Uint8Array) => unknown;
  readonly refusals: readonly (abstract new (...args: never[]) => Error)[];
  /** What it takes. */
  readonly whole: readonly Uint8Array[];
  /** What it is to refuse, or to read like any other. */
  readonly nasty?: readonly Uint8Array[];
  readonly isText?: boolean;
  /** Bytes of memory that one byte may lead to, in one piece; 64 by default. */
  readonly expansion?: number;
  /** Bytes that it may ask for however few it gets; 1 MiB by default. */
  readonly free?: number;
}

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 40);
const PATIENCE = { timeout: 20_000 + 100 * RUNS };
const FREE = 1024 * 1024;
const DEEP = 50_000;

export function foreignBytesCases(reader: ForeignReader): void {
  const { read, refusals, whole, nasty = [], isText = false, expansion = 64, free = FREE } = reader;

  const outcome = async (bytes: Uint8Array): Promise<'read' | 'refused'> => {
    const before = Reflect.ownKeys(Object.prototype);
    const copy = Uint8Array.from(bytes);
    const { value, bytes: asked } = await largestAllocation(async () => {
      try {
        return { read: await read(copy) };
      } catch (error) {
        return { error };
      }
    });
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
    expect(asked).toBeLessThanOrEqual(free + expansion * bytes.length);
    if ('error' in value) {
      if (!refusals.some((known) => value.error instanceof known)) throw value.error;
      expect(value.error).toMatchObject({ message: expect.stringMatching(/\S/) });
      return 'refused';
    }
    expectOwnPrototypes(value.read);
    return 'read';
  };
  const check = (bytes: fc.Arbitrary<Uint8Array>) =>
    fc.assert(
      fc.asyncProperty(bytes, async (each) => void (await outcome(each))),
      { numRuns: RUNS },
    );

  test('takes what is whole', async () => {
    for (const bytes of whole) expect(await outcome(bytes)).toBe('read');
  });

  test('any bytes', PATIENCE, () => check(fc.uint8Array({ maxLength: 200 })));

  test('what is whole, with changes', PATIENCE, () => check(changed(whole, isText)));

  test('what is cut off at any place', PATIENCE, () =>
    check(
      fc
        .tuple(fc.constantFrom(...whole), fc.nat())
        .map(([bytes, at]) => bytes.subarray(0, at % bytes.length)),
    ),
  );

  test('what is made to hurt', PATIENCE, async () => {
    for (const bytes of [...(isText ? hurtfulTexts() : []), ...nasty]) await outcome(bytes);
  });
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const hurtfulTexts = (): Uint8Array[] =>
  ['[', '{"a":', '{a: ', '- ', '!!map {']
    .flatMap((opening) => [bytesOf(opening.repeat(DEEP)), bytesOf(`"${opening.repeat(DEEP)}`)])
    .concat(
      [
        '[]'.padStart(DEEP, '[').padEnd(2 * DEEP - 2, ']'),
        '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
        'x'.repeat(200_000),
        '9'.repeat(200_000),
        '\ufeff\u0000',
      ].map(bytesOf),
    );

/** No object's prototype came from the bytes: it is that of plain objects or of a class. */
function expectOwnPrototypes(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 8 || ArrayBuffer.isView(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null) expect(Object.hasOwn(prototype as object, 'constructor')).toBe(true);
  const parts = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const part of parts.slice(0, 50)) expectOwnPrototypes(part, depth + 1);
}

type Change = (bytes: Uint8Array) => Uint8Array;

const changed = (whole: readonly Uint8Array[], isText: boolean): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...whole),
      fc.array(isText ? fc.oneof(change, anotherWord) : change, { minLength: 1, maxLength: 4 }),
    )
    .map(([bytes, changes]) =>
      changes.reduce((now, each) => (now.length === 0 ? now : each(now)), bytes),
    );

/** Half of all places are among the first bytes, where headers are. */
const place = fc.oneof(fc.nat(64), fc.nat());

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(([at, byte]) => overwritten(at, [byte])),
  fc
    .tuple(place, fc.constantFrom(1, 2, 4, 8), fc.constantFrom(0x00, 0x7f, 0x80, 0xff))
    .map(([at, width, top]) => overwritten(at, [top, ...Array<number>(width - 1).fill(0xff)])),
  fc
    .tuple(place, fc.constantFrom(2, 4, 8))
    .map(([at, width]) => overwritten(at, [...Array<number>(width - 1).fill(0xff), 0x7f])),
  fc.tuple(place, fc.nat(40)).map(([at, length]) => removed(at, length)),
  fc.tuple(place, fc.nat(400)).map(([at, length]) => repeated(at, length)),
  fc.tuple(place, fc.uint8Array({ maxLength: 20 })).map(([at, more]) => inserted(at, more)),
);

const overwritten =
  (at: number, values: readonly number[]): Change =>
  (bytes) => {
    const other = Uint8Array.from(bytes);
    const from = at % bytes.length;
    other.set(values.slice(0, bytes.length - from), from);
    return other;
  };

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts));

const removed =
  (at: number, length: number): Change =>
  (bytes) => {
    const from = at % bytes.length;
    return joined(bytes.subarray(0, from), bytes.subarray(from + length));
  };

const repeated =
  (at: number, length: number): Change =>
  (bytes) => {
    const from = at % bytes.length;
    return inserted(from, bytes.subarray(from, from + length))(bytes);
  };

const inserted =
  (at: number, more: Uint8Array): Change =>
  (bytes) => {
    const from = at % bytes.length;
    return joined(bytes.subarray(0, from), more, bytes.subarray(from));
  };

const WORDS = [
  ...['"__proto__"', '"constructor"', '"prototype"', '"toString"', '__proto__', 'constructor'],
  ...['1e999', '-1', '0.5', '9007199254740993', '9'.repeat(400), 'null', 'true', '""', '~'],
  ...['[]', '{}', '[[[[', '{"__proto__": {"polluted": true}}', '&a [*a, *a]', '*a', '<<: *a'],
  ...['"../../etc/passwd"', '"\\u0000"', 'NaN', '|', '---', '"\\ud800"', '1h1h1h', '100Ei'],
];

/** A word, a number or a text in quotes gives way to another. */
const anotherWord: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.constantFrom(...WORDS))
  .map(([which, to]) => (bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString('utf8');
    const words = [...text.matchAll(/"[^"\n]*"|[\w.+-]+/g)];
    const word = words[which % Math.max(1, words.length)];
    if (word === undefined) return bytes;
    return bytesOf(text.slice(0, word.index) + to + text.slice(word.index + word[0].length));
  });
