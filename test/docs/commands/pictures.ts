// The first pictures of Fashion-MNIST as a cache of their own, so that whole trainings on them take a second.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fashionMnist } from '../../builders/real-pictures.ts';
import { PICTURES } from './small.ts';

const FROM = join(homedir(), '.cache', 'bionas', 'datasets', 'fashion-mnist');
const AREA = 28 * 28;
/** Of the IDX format: where the number of items stands, and what comes before the first. */
const COUNT_AT = 4;
const FILES = [
  { name: 'train-images-idx3-ubyte', header: 16, bytes: AREA, count: PICTURES.train },
  { name: 'train-labels-idx1-ubyte', header: 8, bytes: 1, count: PICTURES.train },
  { name: 't10k-images-idx3-ubyte', header: 16, bytes: AREA, count: PICTURES.test },
  { name: 't10k-labels-idx1-ubyte', header: 8, bytes: 1, count: PICTURES.test },
];

/** Whether there is anything to take them from. */
export const hasPictures = fashionMnist !== undefined;

export async function smallPictures(cache: string): Promise<void> {
  const directory = join(cache, 'datasets', 'fashion-mnist');
  await mkdir(directory, { recursive: true });
  for (const { name, header, bytes, count } of FILES) {
    const whole = gunzipSync(await readFile(join(FROM, `${name}.gz`)));
    const part = Buffer.from(whole.subarray(0, header + bytes * count));
    part.writeUInt32BE(count, COUNT_AT);
    await writeFile(join(directory, name), part);
  }
}
