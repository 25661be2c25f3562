// ImageNet (ILSVRC 2012; Russakovsky et al. 2015): 1,281,167 + 50,000 photographs, 1,000 classes, in folders train/CLASS and val/CLASS
// whose names are WordNet's (n01440764). Means and deviations are those that published recipes normalise by.
import { basename } from 'node:path';
import type { PictureFiles } from '../dataset.ts';
import { FolderError, type ImageFolder, readImageFolder } from '../formats/index.ts';
import { registered } from '../sources/index.ts';
import type { CatalogEntry, PartCounts, ReadOptions } from './entry.ts';

const name = 'imagenet';
const size = { height: 224, width: 224, channels: 3 };
const counts: PartCounts = { train: 1_281_167, test: 50_000 };
const CLASSES = 1000;
const [TRAIN, VAL] = ['train', 'val'];

/** Without `classes` it has to be the whole of ImageNet. */
export async function readImagenet(
  found: ReadonlyMap<string, string>,
  { classes }: ReadOptions,
): Promise<{ readonly train: PictureFiles; readonly test: PictureFiles }> {
  const [trainFolder, testFolder] = [found.get(TRAIN) ?? TRAIN, found.get(VAL) ?? VAL];
  const train = await readImageFolder(trainFolder);
  checkClasses(trainFolder, train, classes ?? CLASSES);
  const test = await readImageFolder(testFolder);
  checkSameClasses(testFolder, test, train);
  if (classes === undefined) {
    checkCount(trainFolder, train, counts.train);
    checkCount(testFolder, test, counts.test);
  }
  const part = (folder: ImageFolder, of: keyof PartCounts) => ({
    name: `${name} ${of}`,
    ...folder,
    ...size,
  });
  return { train: part(train, 'train'), test: part(test, 'test') };
}

function checkClasses(path: string, { classes }: ImageFolder, expected: number): void {
  const other = classes.find((folder) => !/^n\d{8}$/.test(folder));
  if (other !== undefined) {
    const named = 'folders named as WordNet names its classes, such as n01440764';
    throw new FolderError(path, { expected: named, got: other });
  }
  if (classes.length === expected) return;
  throw new FolderError(path, { expected: `${expected} class folders`, got: `${classes.length}` });
}

function checkSameClasses(path: string, { classes }: ImageFolder, train: ImageFolder): void {
  if (classes.length === 0) {
    throw new FolderError(path, {
      expected: 'its pictures in class folders, as those to train on',
      got: 'no folder',
    });
  }
  const lacks = train.classes.find((folder) => !classes.includes(folder));
  const other = classes.find((folder) => !train.classes.includes(folder));
  if (lacks === undefined && other === undefined) return;
  throw new FolderError(path, {
    expected: `the ${train.classes.length} class folders of ${basename(train.files.directory)}`,
    got: other === undefined ? `none named ${lacks}` : `one named ${other}`,
  });
}

function checkCount(path: string, { labels }: ImageFolder, expected: number): void {
  if (labels.length === expected) return;
  throw new FolderError(path, { expected: `${expected} pictures`, got: `${labels.length}` });
}

export const imagenet: CatalogEntry = {
  name,
  classes: CLASSES,
  statistics: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  size,
  counts,
  files: [TRAIN, VAL].map((folder) => ({ name: folder, packable: false, isFolder: true })),
  sources: [
    registered({
      address: 'https://image-net.org/challenges/LSVRC/2012/',
      byHand: (directory) =>
        `take ILSVRC 2012's pictures for training and validation from https://image-net.org/challenges/LSVRC/2012/, sort them into folders ${TRAIN}/CLASS and ${VAL}/CLASS, and put these into ${directory}`,
    }),
  ],
  read: readImagenet,
};
