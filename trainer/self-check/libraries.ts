// Which CUDA libraries lie beside TensorFlow's: pip leaves a folder NAME-VERSION.dist-info for each package.
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Name of a package, without its prefix and suffix -> version: `cudnn` -> `9.3.0.75`. Empty beside a library for CPUs. */
export async function cudaLibraries(libraryDir: string): Promise<Record<string, string>> {
  const names = await readdir(dirname(libraryDir)).catch(() => []);
  const found = names.flatMap((name) => {
    const [, library = '', version = ''] = /^nvidia_(.+)_cu\d+-(.+)\.dist-info$/.exec(name) ?? [];
    return library === '' ? [] : [[library, version] as const];
  });
  return Object.fromEntries(found.sort());
}
