// A safetensors file into tensors. Files come from disks and from strangers: nothing in one is trusted,
// and nothing is allocated that its own length does not pay for.
import type { Tensor } from '../executors/index.ts';
import { sizeOf } from '../program/index.ts';
import { STORED, type StoredDtype } from './dtypes.ts';
import type { SafetensorsFile } from './encode.ts';

/** A file that is no safetensors file, or not a whole one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/** As the format's own reader has it. */
const LARGEST_HEADER = 100_000_000;

interface Entry {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The tensors' bytes must follow one another and fill the file.
 * @throws SafetensorsError naming `where` on anything malformed or truncated
 */
export function decodeSafetensors(file: Buffer, where: string): SafetensorsFile {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new SafetensorsError(`${where}: ${problem}`, { cause });
  };
  const { header, body } = parseHeader(file, refuse);
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isTexts(metadata)) return refuse('expected texts in __metadata__');
  const entries = Object.entries(rest).map(
    ([name, entry]) => [name, isEntry(entry) ? entry : refuse(mistakeIn(name, entry))] as const,
  );
  refuseHoles(entries, body.length, refuse);
  return {
    tensors: Object.fromEntries(entries.map(([name, entry]) => [name, tensorOf(entry, body)])),
    metadata,
  };
}

type Refuse = (problem: string, cause?: unknown) => never;

function parseHeader(
  file: Buffer,
  refuse: Refuse,
): { header: Record<string, unknown>; body: Buffer } {
  if (file.length < 8) return refuse(`expected a safetensors file, got ${file.length} bytes`);
  const length = Number(file.readBigUInt64LE(0));
  if (length > LARGEST_HEADER || 8 + length > file.length)
    return refuse(`header of ${length} bytes in a file of ${file.length}`);
  const header = jsonOf(file.toString('utf8', 8, 8 + length), refuse);
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return refuse('the header is no JSON object');
  return { header: header as Record<string, unknown>, body: file.subarray(8 + length) };
}

function jsonOf(text: string, refuse: Refuse): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuse('the header is no JSON', cause);
  }
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

const areWhole = (list: unknown): list is number[] =>
  Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { dtype, shape, data_offsets: offsets } = value as Partial<Entry>;
  if (typeof dtype !== 'string' || !Object.hasOwn(STORED, dtype)) return false;
  if (!areWhole(shape) || !areWhole(offsets) || offsets.length !== 2) return false;
  const [from = 0, to = 0] = offsets;
  return to - from === sizeOf(shape) * STORED[dtype].array.BYTES_PER_ELEMENT;
}

function mistakeIn(name: string, value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  const got = text.length > 200 ? `${text.slice(0, 200)}...` : text;
  const dtypes = Object.keys(STORED).join(', ');
  return `tensor ${name}: expected dtype (${dtypes}), shape and data_offsets that agree, got ${got}`;
}

function refuseHoles(
  entries: readonly (readonly [string, Entry])[],
  length: number,
  refuse: Refuse,
): void {
  let end = 0;
  const inOrder = entries.toSorted(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  for (const [name, { data_offsets }] of inOrder) {
    const [from, to] = data_offsets;
    if (from !== end) refuse(`tensor ${name} begins at byte ${from}, expected ${end}`);
    end = to;
  }
  if (end !== length) refuse(`expected ${end} bytes of tensors, got ${length}`);
}

function tensorOf({ dtype: stored, shape, data_offsets }: Entry, body: Buffer): Tensor {
  const { dtype, array: TypedArray } = STORED[stored];
  const bytes = Uint8Array.prototype.slice.call(body, ...data_offsets);
  return { dtype, shape, data: new TypedArray(bytes.buffer, 0, sizeOf(shape)) };
}
