// Pictures from files: of every kind that data sets have, as PIL reads them, and a clear word about those that are none.

import { existsSync, globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { openDecoder, openPictures, PictureError } from '../../../trainer/data/decode.ts';
import { evaluationPart, type Size } from '../../../trainer/data/picture-part.ts';
import type { Cut } from '../../../trainer/data/pixels/index.ts';
import { hasTorchPython, runTorchPython } from '../../builders/torch-python.ts';
import { makeDirectory, shade } from './picture-folders.ts';

const decodeFile = await openDecoder();
type CutOf = (picture: Size) => Cut;
const decode = async (path: string, cutOf: CutOf) => {
  let pixels = new Uint8Array();
  await decodeFile({ path, bytes: await readFile(path) }, cutOf, (data) => {
    pixels = data.slice();
  });
  return pixels;
};
const SIZE = { width: 224, height: 224 };
const evaluation: CutOf = (picture) => {
  const { resized, part } = evaluationPart(picture, SIZE);
  return { resized, after: part };
};

const furthest = (pixels: Uint8Array, from: number) =>
  pixels.reduce((most, value) => Math.max(most, Math.abs(value - from)), 0);

describe('a picture', () => {
  test.each([
    ['in colour', shade(100).jpeg({ quality: 100 })],
    ['in grey', shade(100).toColourspace('b-w').jpeg({ quality: 100 })],
    ['that loads in passes', shade(100).jpeg({ quality: 100, progressive: true })],
    ['of PNG', shade(100).png()],
    ['of 16 bits', shade(100).toColourspace('rgb16').png()],
    ['of a palette', shade(100).png({ palette: true })],
    ['that one can look through', shade(100).ensureAlpha(0.5).png()],
    ['of WebP', shade(100).webp({ lossless: true })],
  ])('%s becomes RGB of the size', async (_, picture) => {
    const path = join(await makeDirectory(), 'picture.JPEG');
    await writeFile(path, await picture.toBuffer());
    const pixels = await decode(path, evaluation);
    expect(pixels).toHaveLength(224 * 224 * 3);
    expect(furthest(pixels, 100)).toBeLessThanOrEqual(2);
  });

  test('in CMYK becomes RGB, as libvips maps it', async () => {
    const path = join(await makeDirectory(), 'picture.JPEG');
    await writeFile(path, await shade(100).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer());
    const pixels = await decode(path, evaluation);
    expect(pixels).toHaveLength(224 * 224 * 3);
    expect(furthest(pixels, 100)).toBeLessThan(16);
  });

  test('is cut where it is told', async () => {
    const path = join(await makeDirectory(), 'picture.png');
    const [left, right] = [Array(8).fill(10), Array(8).fill(200)].map((row) => row.flat());
    const rows = Array.from({ length: 8 }, () => [...left!, ...right!].flatMap((v) => [v, v, v]));
    await sharp(Uint8Array.from(rows.flat()), { raw: { width: 16, height: 8, channels: 3 } })
      .png()
      .toFile(path);
    const side = (from: number) =>
      decode(path, () => ({
        before: { left: from, top: 2, width: 8, height: 4 },
        resized: { width: 4, height: 4 },
      }));
    expect(new Set(await side(0))).toEqual(new Set([10]));
    expect(new Set(await side(8))).toEqual(new Set([200]));
  });
});

const whole = await shade(100, 400, 300).jpeg().toBuffer();
const gif = await shade(100).gif().toBuffer();

describe('what is refused', () => {
  test.each([
    ['a picture cut short', whole.subarray(0, whole.length / 2), /premature end/],
    ['text', Buffer.from('not a picture'), /a file that begins like none of these/],
    ['nothing', Buffer.alloc(0), /got "/],
    ['a format of another kind', gif, /a file that begins like none of these/],
    [
      'a drawing',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /a file that begins like none of these/,
    ],
  ])('%s', async (_, bytes, message) => {
    const path = join(await makeDirectory(), 'n01440764_1.JPEG');
    await writeFile(path, bytes);
    const decoding = decode(path, evaluation);
    await expect(decoding).rejects.toThrow(PictureError);
    await expect(decoding).rejects.toThrow(message);
    await expect(decoding).rejects.toThrow(`${path}: expected a whole JPEG, PNG or WebP picture`);
  });
});

test.each([
  ['a mistake of the program', new TypeError('x is no function')],
  ['a lack of memory', new Error('VipsJpeg: Insufficient memory (case 4)')],
])('%s is not laid to a picture', async (_, error) => {
  const withPicture = await openPictures();
  const working = withPicture({ path: 'a.jpg', bytes: new Uint8Array(whole) }, async () => {
    throw error;
  });
  await expect(working).rejects.toBe(error);
});

const SAMPLE = fileURLToPath(new URL('../../../../shared/data/imagenet-sample', import.meta.url));
const hasSample = existsSync(SAMPLE);
if (!hasSample) console.log('skipped: no sample of ImageNet beside the project');

const PIL = `
import sys
from PIL import Image
out = open(sys.argv[1], "wb")
for path in sys.argv[2:]:
    picture = Image.open(path).convert("RGB")
    w, h = picture.size
    w, h = (256, int(256 * h / w)) if w < h else (int(256 * w / h), 256)
    picture = picture.resize((w, h), Image.BILINEAR)
    left, top = round((w - 224) / 2), round((h - 224) / 2)
    out.write(picture.crop((left, top, left + 224, top + 224)).tobytes())
`;

test.runIf(hasSample && hasTorchPython)('real pictures are as PIL has them', async () => {
  const paths = globSync(`${SAMPLE}/train/*/*`).sort().slice(0, 25);
  const file = join(await makeDirectory(), 'pil');
  await runTorchPython(['-c', PIL, file, ...paths]);
  const all = await readFile(file);
  const off: number[] = [];
  for (const [i, path] of paths.entries()) {
    const ours = await decode(path, evaluation);
    const theirs = all.subarray(i * ours.length, (i + 1) * ours.length);
    const sum = ours.reduce((total, value, k) => total + Math.abs(value - (theirs[k] ?? 255)), 0);
    off.push(sum / ours.length);
  }
  const sorted = off.toSorted((a, b) => a - b);
  expect(sorted[12]).toBeLessThan(0.05);
  expect(sorted.at(-1)).toBeLessThan(0.5);
});
