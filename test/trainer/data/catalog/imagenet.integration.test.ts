// ImageNet as folders: what its parts are, and what is said of folders that are not those of the data set.
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CATALOG, loadDataset } from '../../../../trainer/data/index.ts';
import { FolderError, nameAt, packNames } from '../../../../trainer/data/photographs/index.ts';
import { CLASSES, makeDirectory, makeFolders, partsIn, shade } from '../picture-folders.ts';

const namesOf = ({ files, labels }: Awaited<ReturnType<typeof partsIn>>['train']) =>
  Array.from(labels, (_, i) => nameAt(files, i));

test('labels are places in the sorted names of the class folders', async () => {
  const directory = await makeFolders({ train: 2, val: 1 });
  await writeFile(join(directory, 'train', CLASSES[0]!, 'notes.txt'), 'no picture');
  await writeFile(join(directory, 'train', CLASSES[0]!, '._hidden.JPEG'), 'no picture');
  await mkdir(join(directory, 'train', '.cache'));
  const dataset = { name: 'imagenet', path: directory, classes: 3 } as const;
  const { train, test: held } = await loadDataset(dataset, { cacheDir: '/nowhere' });
  expect([...train.labels]).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...held.labels]).toEqual([0, 1, 2]);
  expect(train).toMatchObject({
    name: 'imagenet train',
    height: 224,
    width: 224,
    channels: 3,
    classes: CLASSES,
  });
  const { train: files } = await partsIn(directory);
  expect(namesOf(files)).toEqual(CLASSES.flatMap((name) => [`${name}_0.JPEG`, `${name}_1.JPEG`]));
  expect(files.files.bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('links to folders are folders', async () => {
  const directory = await makeFolders({ train: 1, val: 1 });
  const elsewhere = await makeDirectory();
  await rename(join(directory, 'train', CLASSES[1]!), join(elsewhere, 'class'));
  await symlink(join(elsewhere, 'class'), join(directory, 'train', CLASSES[1]!));
  expect((await partsIn(directory)).train.classes).toEqual(CLASSES);
});

test('pictures of your own lie in folders of any names, where their number is declared', async () => {
  const directory = await makeFolders({ train: 1, val: 1 });
  for (const part of ['train', 'val'])
    await rename(join(directory, part, CLASSES[1]!), join(directory, part, 'my cat'));
  const { train } = await partsIn(directory);
  expect(train.classes).toEqual(['my cat', CLASSES[0], CLASSES[2]]);
});

test('names of any characters come back', () => {
  const names = ['a.JPEG', 'é€🐟.jpg', 'b.png'];
  const packed = packNames('/data', names);
  expect(names.map((_, i) => nameAt(packed, i))).toEqual(names);
});

describe('what is refused', () => {
  test.each<[string, (directory: string) => Promise<unknown>, RegExp, number?]>([
    [
      'fewer classes than are declared',
      async () => {},
      /train: expected 4 class folders, got 3.*`classes`/,
      4,
    ],
    [
      'a folder that is no class',
      (directory) => symlink(CLASSES[0]!, join(directory, 'train', 'lost+found')),
      /train: expected 3 class folders, got 4/,
    ],
    [
      'a class without pictures',
      async (directory) => {
        await rm(join(directory, 'train', CLASSES[2]!), { recursive: true });
        await mkdir(join(directory, 'train', CLASSES[2]!));
      },
      /train\/n00000003: expected pictures .*, got none/,
    ],
    [
      'a class that lacks pictures to test on',
      (directory) => rm(join(directory, 'val', CLASSES[1]!), { recursive: true }),
      /val: expected the 3 class folders of train, got none named n00000002/,
    ],
    [
      'a class that is only tested on',
      async (directory) => {
        await mkdir(join(directory, 'val', 'n00000009'));
        await shade(1)
          .jpeg()
          .toFile(join(directory, 'val', 'n00000009', 'a.JPEG'));
      },
      /val: expected the 3 class folders of train, got one named n00000009/,
    ],
    [
      'validation pictures as they come in the archive',
      async (directory) => {
        await rm(join(directory, 'val'), { recursive: true });
        await mkdir(join(directory, 'val'));
        await writeFile(join(directory, 'val', 'ILSVRC2012_val_00000001.JPEG'), '');
      },
      /val: expected its pictures in class folders, as those to train on, got no folder/,
    ],
  ])('%s', async (_, spoil, message, classes) => {
    const directory = await makeFolders({ train: 1, val: 1 });
    await spoil(directory);
    await expect(partsIn(directory, classes)).rejects.toThrow(FolderError);
    await expect(partsIn(directory, classes)).rejects.toThrow(message);
  });

  test('a folder that is no class of the whole of ImageNet', async () => {
    const directory = await makeFolders({ train: 1, val: 1 });
    await symlink(CLASSES[0]!, join(directory, 'train', 'lost+found'));
    const loading = loadDataset({ name: 'imagenet', path: directory }, { cacheDir: '/nowhere' });
    await expect(loading).rejects.toThrow(
      /train: expected folders named as WordNet names .*, got lost\+found/,
    );
  });

  test('a part of ImageNet that nobody declares', async () => {
    const directory = await makeFolders({ train: 1, val: 1 });
    const loading = loadDataset({ name: 'imagenet', path: directory }, { cacheDir: '/nowhere' });
    await expect(loading).rejects.toThrow('expected 1000 class folders, got 3');
  });

  test('all classes, but not all pictures', async () => {
    const directory = await makeDirectory();
    await mkdir(join(directory, 'class'));
    await writeFile(join(directory, 'class', 'a.JPEG'), '');
    for (const part of ['train', 'val']) {
      await mkdir(join(directory, part));
      for (let i = 0; i < CATALOG.imagenet.classes; i++)
        await symlink('../class', join(directory, part, `n${String(i).padStart(8, '0')}`));
    }
    const loading = loadDataset({ name: 'imagenet', path: directory }, { cacheDir: '/nowhere' });
    await expect(loading).rejects.toThrow('train: expected 1281167 pictures, got 1000');
    const part = await loadDataset(
      { name: 'imagenet', path: directory, classes: 1000 },
      { cacheDir: '/nowhere' },
    );
    expect(part.train.labels).toHaveLength(1000);
  });
});
