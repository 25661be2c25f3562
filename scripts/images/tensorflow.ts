// TensorFlow's C library in the trainer's image: the one that make tensorflow took, hash-checked, out of PyPI's wheel.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { Component } from './component.ts';
import { TENSORFLOW } from './image.ts';
import { place } from './layer.ts';
import type { Part } from './program.ts';

const FILES = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'];

/** @throws ExecutorError where it was not fetched */
export async function tensorFlowPart(): Promise<Part> {
  // Here only: it loads native code, which packages for an image of another machine do not have for this one.
  const { defaultLibraryDir, requireLibrary } = await import('../../trainer/executors/index.ts');
  const directory = defaultLibraryDir({
    cacheHome: process.env['XDG_CACHE_HOME'],
    home: homedir(),
  });
  requireLibrary(directory);
  const version = basename(directory);
  const fill = async (root: string): Promise<Component[]> => {
    await mkdir(join(root, TENSORFLOW), { recursive: true });
    for (const name of FILES) await place(join(directory, name), join(root, TENSORFLOW, name));
    const purl = `pkg:pypi/tensorflow-cpu@${version}`;
    return [{ type: 'library', name: 'tensorflow-cpu', version, purl }];
  };
  return { key: ['tensorflow', version, process.arch, TENSORFLOW], content: { fill } };
}
