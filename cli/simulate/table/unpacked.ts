// bzip2, unpacked no further than anybody's table goes: two hundred bytes may unpack to gigabytes.
import seekBzip from 'seek-bzip';
import { TableError } from './table.ts';

/** Of one file; those of NATS-Bench have some hundred kilobytes. */
const MOST_BYTES = 64 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;

/** Throws TableError. */
export function unpacked(file: string, packed: Uint8Array): Uint8Array {
  try {
    return seekBzip.decode(packed, boundedOutput(file));
  } catch (cause) {
    if (cause instanceof TableError) throw cause;
    throw new TableError(
      `${file}: expected a pickle packed with bzip2, got ${(cause as Error).message}`,
      { cause },
    );
  }
}

function boundedOutput(file: string) {
  let bytes = new Uint8Array(FIRST_BYTES);
  let end = 0;
  const grow = () => {
    if (end >= MOST_BYTES)
      throw new TableError(`${file}: expected at most ${MOST_BYTES} bytes unpacked, got more`);
    const larger = new Uint8Array(2 * end);
    larger.set(bytes);
    bytes = larger;
  };
  return {
    writeByte(byte: number) {
      if (end === bytes.length) grow();
      bytes[end++] = byte;
    },
    getBuffer: () => bytes.subarray(0, end),
  };
}
