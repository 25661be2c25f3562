// TFRecord: each record between its length and checksums, masked CRC-32C.
// https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details

/** Castagnoli's polynomial, reflected. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? POLYNOMIAL : 0);
  return rest;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

function masked(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes);
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return buffer;
}

export function recordFile(records: readonly Uint8Array[]): Uint8Array {
  const parts = records.flatMap((record) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(record.length));
    return [length, masked(length), record, masked(record)];
  });
  return Buffer.concat(parts);
}
