// What lies near the top of a place, and which of it is for training and which for testing.
import type { Store } from '../stores/index.ts';
import type { PartName, Survey } from './format.ts';

/** Folders that are looked into, besides the top. */
const FOLDERS = new Set(['train', 'val', 'valid', 'validation', 'data']);

export async function survey(store: Store, signal?: AbortSignal): Promise<Survey> {
  const top = await store.list('', signal);
  const inside = top.filter(({ name, isFolder }) => isFolder && FOLDERS.has(name));
  const lists = await Promise.all(
    inside.map(async (folder) =>
      (await store.list(folder.name, signal)).map((entry) => ({
        ...entry,
        name: `${folder.name}/${entry.name}`,
      })),
    ),
  );
  const all = [...top, ...lists.flat()];
  const names = (isFolder: boolean) =>
    all.flatMap((entry) => (entry.isFolder === isFolder ? [entry.name] : [])).sort();
  return { files: names(false), folders: names(true) };
}

const WORDS: Readonly<Record<PartName, readonly string[]>> = {
  train: ['train'],
  test: ['val', 'valid', 'validation'],
};

/** Whether a file's name says that it is of a part: `train-00000.tar`, `data/validation-00000-of-00014.parquet`, `val/000.tar`. */
export const isOf = (name: string, part: PartName): boolean =>
  name.split(/[^a-z]+/).some((word) => WORDS[part].includes(word));

/** Files of a part with that ending. */
export const filesOf = ({ files }: Survey, part: PartName, ending: string): readonly string[] =>
  files.filter((name) => name.endsWith(ending) && isOf(name, part));
