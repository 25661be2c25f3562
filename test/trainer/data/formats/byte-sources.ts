// Builders of files in memory: IDX and CIFAR bytes, and sources that hand them out in small chunks.
import type { ByteSource } from '../../../../trainer/data/formats/index.ts';

/** A source over bytes, cut into chunks of `chunkBytes`, as a disk or a gunzip would. */
export function sourceOf(bytes: Uint8Array, chunkBytes = 7): ByteSource {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  return { path: 'a-file', maximumBytes: bytes.length, chunks: chunks() };
}

export function idxBytes(magic: number, sizes: readonly number[], values: ArrayLike<number>) {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  sizes.forEach((size, d) => {
    view.setUint32(4 + 4 * d, size);
  });
  bytes.set(Array.from(values), 4 + 4 * sizes.length);
  return bytes;
}

/** A record whose plane c holds (offset + c) at every pixel but the first, which holds 200 + c. */
export function cifarRecord(labels: readonly number[], offset = 0): Uint8Array {
  const record = new Uint8Array(labels.length + 3072);
  record.set(labels);
  for (let c = 0; c < 3; c++) {
    record.fill(offset + c, labels.length + c * 1024, labels.length + (c + 1) * 1024);
    record[labels.length + c * 1024] = 200 + c;
  }
  return record;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
