// Pictures in a folder a class, as torchvision's ImageFolder reads them: labels are places in the sorted names of the folders.
// Nothing but names is read: pictures are opened when they are asked for.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileNames, sharedLabels } from '../dataset.ts';
import { packNames } from '../file-names.ts';
import type { FormatFault } from './format-error.ts';

export interface ImageFolder {
  /** Names of the folders, sorted. */
  readonly classes: readonly string[];
  /** N names, class by class, sorted in each. */
  readonly files: FileNames;
  /** N labels */
  readonly labels: Int32Array;
}

/** Folders that are not those of the data set. */
export class FolderError extends Error {
  override readonly name = 'FolderError';

  constructor(path: string, { expected, got }: FormatFault) {
    super(
      `${path}: expected ${expected}, got ${got}. Correct \`path\` of the data set or what lies there; a data set with fewer classes says how many in \`classes\`.`,
    );
  }
}

const PICTURE = /\.(jpe?g|png|webp)$/i;

/** Names without a leading dot. Throws FolderError where a class has no picture. */
export async function readImageFolder(directory: string): Promise<ImageFolder> {
  const classes = await foldersIn(directory);
  const names = await Promise.all(classes.map((name) => picturesIn(join(directory, name))));
  const labels = sharedLabels(names.reduce((sum, { length }) => sum + length, 0));
  let first = 0;
  for (const [label, { length }] of names.entries()) {
    labels.fill(label, first, first + length);
    first += length;
  }
  return { classes, files: packNames(directory, names.flat()), labels };
}

/** Links to folders count. */
async function foldersIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const isLinked = async () => (await stat(join(directory, entry.name))).isDirectory();
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isLinked())))
      folders.push(entry.name);
  }
  return folders.sort();
}

async function picturesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => PICTURE.test(name) && name[0] !== '.');
  if (names.length > 0) return names.sort();
  throw new FolderError(folder, { expected: 'pictures (.JPEG, .jpg, .png, .webp)', got: 'none' });
}
