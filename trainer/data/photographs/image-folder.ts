// Pictures in a folder a class, as torchvision's ImageFolder reads them: labels are places in the sorted names of the folders.
// Nothing but names is read: pictures are opened when they are asked for.
import { type Photographs, sharedLabels } from '../dataset.ts';
import type { FormatFault } from '../formats/index.ts';
import { severalAtOnce } from '../several-at-once.ts';
import type { Store } from '../stores/index.ts';
import { nameAt, packNames } from './file-names.ts';
import type { PhotographFormat } from './format.ts';

/** Folders or files that are not those of the data set. */
export class FolderError extends Error {
  override readonly name = 'FolderError';

  constructor(path: string, { expected, got }: FormatFault) {
    super(
      `${path}: expected ${expected}, got ${got}. Correct \`path\` of the data set or what lies there; a data set with fewer classes says how many in \`classes\`.`,
    );
  }
}

const PICTURE = /\.(jpe?g|png|webp)$/i;
/** Folders listed at once. */
const WIDTH = 16;

export const imageFolder: PhotographFormat = {
  sourcesOf: ({ folders }, part) => {
    const names = part === 'train' ? ['train'] : ['val', 'valid', 'validation'];
    return folders.filter((name) => names.includes(name)).slice(0, 1);
  },

  async index(store, [directory = ''], { signal }) {
    const classes = (await store.list(directory, signal)).flatMap(({ name, isFolder }) =>
      isFolder ? [name] : [],
    );
    const names: string[][] = classes.map(() => []);
    await severalAtOnce(WIDTH, classes, async (name, label) => {
      names[label] = await picturesIn(store, `${directory}/${name}`, signal);
    });
    const labels = sharedLabels(names.reduce((sum, { length }) => sum + length, 0));
    let first = 0;
    for (const [label, { length }] of names.entries()) {
      labels.fill(label, first, first + length);
      first += length;
    }
    return { format: 'image-folder', classes, files: packNames(directory, names.flat()), labels };
  },

  readBlock: async (set, store, index) => [await store.get(fileOf(set, index))],
};

/** Name in the store of a picture that is a file. */
export const fileOf = ({ files, labels, classes }: Photographs, index: number): string =>
  `${files.directory}/${classes[labels[index] ?? 0]}/${nameAt(files, index)}`;

async function picturesIn(store: Store, folder: string, signal?: AbortSignal): Promise<string[]> {
  const entries = await store.list(folder, signal);
  const names = entries.flatMap(({ name, isFolder }) =>
    !isFolder && PICTURE.test(name) ? [name] : [],
  );
  if (names.length > 0) return names;
  throw new FolderError(store.title + folder, {
    expected: 'pictures (.JPEG, .jpg, .png, .webp)',
    got: 'none',
  });
}
