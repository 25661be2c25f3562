// Builders of class folders with small pictures in them, each of one shade that says where it is, and of pictures of every kind.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { onTestFinished } from 'vitest';
import { readImagenet } from '../../../trainer/data/catalog/imagenet.ts';
import { openStore, storeSettings } from '../../../trainer/data/stores/index.ts';

export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-folders-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

export const CLASSES = ['n00000001', 'n00000002', 'n00000003'];

export const shade = (grey: number, width = 40, height = 30): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: grey, g: grey, b: grey } } });

/** Pictures a class and folder. A picture of training in class c has shade 60 c + 5 i, of validation 200 + 10 c + i. */
export async function makeFolders(counts: { train: number; val: number }): Promise<string> {
  const directory = await makeDirectory();
  for (const [label, folder] of CLASSES.entries()) {
    for (const part of ['train', 'val'] as const) {
      await mkdir(join(directory, part, folder), { recursive: true });
      for (let i = 0; i < counts[part]; i++) {
        const grey = part === 'train' ? 60 * label + 5 * i : 200 + 10 * label + i;
        await shade(grey, 30 + i, 40)
          .jpeg({ quality: 100 })
          .toFile(join(directory, part, folder, `${folder}_${i}.JPEG`));
      }
    }
  }
  return directory;
}

/** The parts in a directory of `makeFolders`. */
export const partsIn = (directory: string, classes: number | undefined = CLASSES.length) =>
  readImagenet(openStore(directory, storeSettings({})), directory, { classes });
