// Builders of pickles: what Python would write of some data in protocol 4, and single opcodes for pickles that nobody should write.
import { readFileSync } from 'node:fs';

/** A pickle that make-pickles.py wrote. */
export const pickled = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`pickles/${name}.pickle`, import.meta.url)));

/** Bytes and text (latin1) in a row, behind PROTO, with STOP at the end. */
export const pickleOf = (parts: readonly (string | number)[], protocol = 2): Uint8Array =>
  Uint8Array.from([0x80, protocol, ...parts.flatMap(bytesOfPart), 0x2e]);

const bytesOfPart = (part: string | number): number[] =>
  typeof part === 'number' ? [part] : [...Buffer.from(part, 'latin1')];

/** Little-endian. */
export const uint32 = (value: number): string =>
  String.fromCharCode(...[0, 8, 16, 24].map((shift) => (value >>> shift) & 255));

/** What an arbitrary value is as a pickle. */
export const writePickle = (value: unknown): Uint8Array =>
  pickleOf(['\x95', uint32(0), uint32(0), ...opcodesOf(value)], 4);

function opcodesOf(value: unknown): (string | number)[] {
  if (value === null) return ['N'];
  if (typeof value === 'boolean') return [value ? 0x88 : 0x89];
  if (typeof value === 'number') return numberOpcodes(value);
  if (typeof value === 'bigint') return longOpcodes(value);
  if (typeof value === 'string') return sized('X', Buffer.from(value));
  if (value instanceof Uint8Array) return sized('B', value);
  if (Array.isArray(value)) return [']', '\x94', '(', ...value.flatMap(opcodesOf), 'e'];
  if (value instanceof Map) return ['}', '\x94', '(', ...[...value].flat().flatMap(opcodesOf), 'u'];
  throw new Error(`no pickle of ${String(value)}`);
}

function numberOpcodes(value: number): (string | number)[] {
  if (!Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) >= 2 ** 31) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return ['G', ...bytes];
  }
  if (value >= 0 && value < 256) return ['K', value];
  if (value >= 0 && value < 65_536) return ['M', value & 255, value >> 8];
  return ['J', uint32(value)];
}

function longOpcodes(value: bigint): (string | number)[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return [0x8a, 8, ...bytes];
}

const sized = (opcode: string, bytes: Uint8Array): (string | number)[] => [
  opcode,
  uint32(bytes.length),
  ...bytes,
];

/** A list of two that are the same list of two, and so on: a hundred bytes that print as 2^40 items. `before` and `after` go around. */
export const laughs = (before: readonly string[] = [], after = ''): Uint8Array =>
  pickleOf([...before, `X${uint32(3)}lol`, '2\x86'.repeat(40), after]);
