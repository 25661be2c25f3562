// Headers of tar archives (POSIX ustar and pax; GNU's long names and sizes), read and written. Data follow a header in blocks of 512 bytes.
import { FormatError } from './format-error.ts';

export const TAR_BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  /** bytes of data */
  readonly size: number;
  /** `0` is a file, `5` a folder, `x`, `g` and `L` say something of the next. */
  readonly type: string;
}

export const tarPadded = (size: number): number => Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;

/** Undefined for a block of zeros, which ends an archive. Throws FormatError. */
export function readTarHeader(path: string, block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (from: number, to: number) =>
    Buffer.from(block.subarray(from, to)).toString('utf8').replace(/\0.*$/s, '');
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(148, 156), 8) !== sum)
    throw new FormatError(path, { expected: 'a tar header', got: 'one whose sum is wrong' });
  const size = sizeIn(block.subarray(124, 136), text(124, 136));
  if (!Number.isSafeInteger(size))
    throw new FormatError(path, { expected: 'an octal size', got: text(124, 136) });
  const prefix = text(257, 262) === 'ustar' ? text(345, 500) : '';
  const name = text(0, 100);
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type: text(156, 157) || '0' };
}

/** Octal digits, or a binary number where the first bit is set. */
function sizeIn(field: Uint8Array, text: string): number {
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(text.trim() || '0', 8);
  return field.subarray(1).reduce((size, byte) => size * 256 + byte, 0);
}

/** A file's header. `name`: at most 100 bytes. */
export function writeTarHeader(name: string, size: number): Uint8Array {
  const block = Buffer.alloc(TAR_BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, '0'), at);
  block.write(name, 0, 100);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return new Uint8Array(block);
}
