// Checksums of TFRecord.
import { expect, test } from 'vitest';
import { crc32c } from '../../../../cli/export/tensorboard/record-file.ts';

// RFC 3720, B.4, and the check value of the catalogue of CRCs.
test.each<[string, Uint8Array, number]>([
  ['nothing', new Uint8Array(), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
])('the CRC-32C of %s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});
