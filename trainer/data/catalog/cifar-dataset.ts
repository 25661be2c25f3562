// What CIFAR-10 and CIFAR-100 share: binary batches of 32 x 32 colour pictures (Krizhevsky 2009).
import type { PictureSet } from '../dataset.ts';
import { CIFAR_CHANNELS, CIFAR_SIDE, type CifarLayout, readCifar } from '../formats/index.ts';
import type { WantedMembers } from '../sources/index.ts';
import type { FoundFiles, NamedClasses, ReadOptions, StandardFile } from './entry.ts';

export const CIFAR_BASE = 'https://www.cs.toronto.edu/~kriz/';

/** Size and number of the pictures. */
export const CIFAR_PICTURES = {
  size: { height: CIFAR_SIDE, width: CIFAR_SIDE, channels: CIFAR_CHANNELS },
  counts: { train: 50_000, test: 10_000 },
} as const;

/** A file known by its size. */
export type SizedFile = StandardFile & { readonly bytes: number };

/** The names of the files of each part, in the order of their pictures. */
export interface CifarParts {
  readonly train: readonly string[];
  readonly test: readonly string[];
}

/** The files as members of the official archive. */
export function archiveMembers(files: readonly SizedFile[]): WantedMembers {
  return new Map(files.map((file) => [file.name, file.bytes]));
}

export function readCifarDataset(
  entry: NamedClasses,
  parts: CifarParts,
  labels: Omit<CifarLayout, 'classes' | 'most'>,
) {
  const { train: most } = CIFAR_PICTURES.counts;
  const layout = { ...labels, classes: entry.classes.length, most };
  const part = async (
    name: keyof CifarParts,
    found: FoundFiles,
    signal?: AbortSignal,
  ): Promise<PictureSet> => {
    const files = parts[name].flatMap((file) => found.get(file) ?? []);
    const sources = await Promise.all(files.map((file) => file.open(signal)));
    return {
      name: `${entry.name} ${name}`,
      classes: entry.classes,
      ...(await readCifar(sources, layout)),
      ...CIFAR_PICTURES.size,
    };
  };
  return async (files: FoundFiles, { signal }: ReadOptions) => ({
    train: await part('train', files, signal),
    test: await part('test', files, signal),
  });
}
