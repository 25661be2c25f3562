// Pictures in files, which libvips decodes: damaged ones, ones that promise more pixels than there is memory, and the thinnest.
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe } from 'vitest';
import { openDecoder, PictureError } from '../../trainer/data/decode.ts';
import { evaluationPart } from '../../trainer/data/picture-part.ts';
import { foreignBytesCases } from '../cases/foreign-bytes.cases.ts';

const decode = await openDecoder();
const SIZE = { width: 32, height: 32 };

const read = (bytes: Uint8Array) =>
  decode(
    { path: 'a-file', bytes },
    (picture) => {
      const { resized, part } = evaluationPart(picture, SIZE);
      return { resized, after: part };
    },
    () => undefined,
  );

const grey = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } });

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG in grey that promises so many pixels, and has a thousand. */
function promising(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const rows = deflateSync(new Uint8Array(1000));
  const chunks = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', new Uint8Array(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

describe.each(['jpeg', 'png', 'webp'] as const)('pictures as %s', async (format) => {
  foreignBytesCases({
    read,
    refusals: [PictureError],
    whole: [await grey(40, 30).toFormat(format).toBuffer()],
    nasty: [
      await grey(1, 16_000).toFormat(format).toBuffer(),
      await grey(16_000, 1).toFormat(format).toBuffer(),
      ...[promising(60_000, 60_000), promising(2 ** 31 - 1, 1), promising(1, 900)],
    ],
  });
});
