// Which files of a data set a place has: plain or packed ones, and folders, on disk and on a web server.
import { expect, test } from 'vitest';
import { openStore, storeSettings } from '../../../trainer/data/index.ts';
import { listFiles } from '../../../trainer/data/standard-files.ts';
import { directoryWith } from './directories.ts';
import { serveFiles } from './file-server.ts';

const WANTED = [
  { name: 'labels', packable: true },
  { name: 'pictures', packable: true },
  { name: 'absent', packable: true },
  { name: 'train', packable: false, isFolder: true },
  { name: 'val', packable: false, isFolder: true },
];

test.each([
  ['a directory', async (path: string) => path],
  ['a web server', async (path: string) => (await serveFiles(path)).base],
])('%s is looked through for files, packed ones, and folders', async (_, placeOf) => {
  const directory = await directoryWith({
    labels: new Uint8Array(3),
    'labels.gz': new Uint8Array(2),
    'pictures.gz': new Uint8Array(4),
    'train/n01/a.JPEG': new Uint8Array(5),
  });
  const store = openStore(await placeOf(directory), storeSettings({}));
  const { found, missing } = await listFiles(store, WANTED);
  expect(Array.from(found, ([name, { path }]) => [name, path])).toEqual([
    ['labels', `${store.title}labels`],
    ['pictures', `${store.title}pictures.gz`],
    ['train', `${store.title}train`],
  ]);
  expect(missing.map(({ name }) => name)).toEqual(['absent', 'val']);
  await expect(found.get('train')!.open()).rejects.toThrow('expected a file, got a folder');
});
