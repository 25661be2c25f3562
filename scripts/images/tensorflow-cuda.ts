// TensorFlow for CUDA in the trainer's image: PyPI's wheels, hash-checked by pip, as scripts/fetch-tensorflow-cuda.sh leaves them.
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Component } from './component.ts';
import { TENSORFLOW } from './image.ts';
import { place } from './layer.ts';
import type { Part } from './program.ts';

const VERSION = '2.18.1';

/** Where the wheels are unpacked: TensorFlow's own search path leads from its folder to ../nvidia. */
export const cudaDir = (): string =>
  join(
    process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    'bionas',
    'tensorflow-cuda',
    VERSION,
  );

/** Why there is no CUDA here to make an image of; undefined where there is. */
export const cudaObstacle = (): string | undefined =>
  existsSync(join(cudaDir(), 'tensorflow', 'libtensorflow_cc.so.2')) &&
  existsSync(join(cudaDir(), 'nvidia', 'cudnn'))
    ? undefined
    : `no CUDA wheels at ${cudaDir()}: run scripts/fetch-tensorflow-cuda.sh (2.5 GB)`;

/** Throws where they were not fetched. */
export function cudaPart(): Part {
  const obstacle = cudaObstacle();
  if (obstacle !== undefined) throw new Error(obstacle);
  const key = ['tensorflow-cuda', VERSION, TENSORFLOW];
  return { key, content: { fill } };
}

async function fill(root: string): Promise<readonly Component[]> {
  const [from, to] = [cudaDir(), join(root, TENSORFLOW)];
  const all = await readdir(from, { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .filter(isWanted);
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await place(join(from, file), join(to, file));
  }
  return (await readdir(from)).flatMap(componentOf);
}

/** The two libraries of TensorFlow, NVIDIA's without headers, and what says which they are. */
const isWanted = (file: string): boolean =>
  /^tensorflow\/libtensorflow_\w+\.so\.2$/.test(file) ||
  (/^nvidia\//.test(file) && !/\/include\//.test(file)) ||
  /^[^/]+\.dist-info\//.test(file);

function componentOf(folder: string): Component[] {
  const [, name = '', version = ''] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? [];
  if (name === '') return [];
  const purl = `pkg:pypi/${name.replaceAll('_', '-')}@${version}`;
  return [{ type: 'library', name: name.replaceAll('_', '-'), version, purl }];
}
