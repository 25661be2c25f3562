// TensorFlow's C library in the trainer's image: the one that make tensorflow took, hash-checked, out of PyPI's wheel.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { defaultLibraryDir, requireLibrary } from '../../trainer/executors/index.ts';
import type { Component } from './component.ts';
import { TENSORFLOW } from './image.ts';
import { place } from './layer.ts';
import type { Part } from './program.ts';

const FILES = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'];

/** @throws ExecutorError where it was not fetched */
export function tensorFlowPart(): Part {
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
