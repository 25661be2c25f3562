// A source that serves every standard file by itself, such as the official site of Fashion-MNIST.
import { join } from 'node:path';
import type { Checksum } from './checksum.ts';
import { download } from './download.ts';
import type { DatasetSource } from './source.ts';

export interface HttpFiles {
  /** Ends in a slash. */
  readonly base: string;
  readonly files: readonly { readonly name: string; readonly checksum: Checksum }[];
}

export function httpFiles({ base, files }: HttpFiles): DatasetSource {
  return {
    title: base,
    byHand: (directory) =>
      `download ${files.map((file) => file.name).join(', ')} from ${base} into ${directory}`,
    async obtain(context) {
      for (const { name, checksum } of files) {
        const target = join(context.staging, name);
        await download({ address: base + name, target, checksum, source: base }, context);
      }
    },
  };
}
