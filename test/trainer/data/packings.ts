// Builders of photographs to pack, and of packed ones.
import sharp, { type Sharp } from 'sharp';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import {
  evaluationEpoch,
  loadDataset,
  openStore,
  packPhotographs,
  storeSettings,
} from '../../../trainer/data/index.ts';
import type { PackOptions } from '../../../trainer/data/pack/index.ts';
import type { Store } from '../../../trainer/data/stores/index.ts';
import { directoryWith, type Files } from './directories.ts';

export const OPTIONS: PackOptions = {
  format: 'webdataset',
  ...{ side: 48, quality: 95, shardPictures: 4, seed: 3, jobs: 3 },
  stores: storeSettings({}),
};

const picture = async (grey: number, change: (of: Sharp) => Sharp = (of) => of) => {
  const background = { r: grey, g: grey, b: grey };
  const made = sharp({ create: { width: 120, height: 80, channels: 3, background } });
  return new Uint8Array(await change(made).jpeg({ quality: 100 }).toBuffer());
};

/** Ten pictures to train on, two of them none, one grey, one CMYK; two to test on. */
export async function photographs(): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 10; i++) files[`train/n0000000${i % 2}/${i}.JPEG`] = await picture(20 * i);
  files['train/n00000000/2.JPEG'] = new Uint8Array(900).fill(7);
  files['train/n00000001/3.JPEG'] = (await picture(60)).subarray(0, -40);
  files['train/n00000000/4.JPEG'] = await picture(80, (of) => of.toColourspace('b-w'));
  files['train/n00000001/5.JPEG'] = await picture(100, (of) => of.toColourspace('cmyk'));
  for (const i of [0, 1]) files[`val/n0000000${i}/v${i}.JPEG`] = await picture(200 + 20 * i);
  return files;
}

export const load = (path: string, classes = 2) =>
  loadDataset({ name: 'imagenet', path, classes }, { cacheDir: '/nowhere' });

export async function packed(options: Partial<PackOptions> = {}) {
  const [from, to] = [await directoryWith(await photographs()), await directoryWith({})];
  const source = await load(from);
  const target = openStore(to, storeSettings({}));
  const summary = await packPhotographs(source, target, { ...OPTIONS, ...options });
  return { from, to, source, target, summary };
}

/** Label and shade of each training picture. */
export const shown = async (path: string) => {
  const { train } = await load(path);
  const found: [number, number][] = [];
  for await (const { pictures, labels } of prepareBatches(
    evaluationEpoch(train, undefined, { batchSize: 1 }),
  ))
    found.push([labels[0]!, pictures[75_264]!]);
  return found.toSorted(([, a], [, b]) => a - b);
};

/** A store that is read alone. */
export const withoutPut = (store: Store): Store => ({
  title: store.title,
  grain: store.grain,
  list: (folder) => store.list(folder),
  get: (name, options) => store.get(name, options),
  size: (name) => store.size(name),
});
