// What of bionas itself lies in an image: its folders as JavaScript, the packages that they import, and Node. Used by
// make images, a layer each, and by images/Dockerfile, which takes all of it at once.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Component } from './component.ts';
import { APP, type Image } from './image.ts';
import type { LayerContent } from './layer.ts';
import {
  type Architecture,
  componentOf,
  copyPackages,
  identitiesOf,
  nodePath,
  packagesOf,
  repositoryPath,
} from './packages.ts';

const run = promisify(execFile);

export interface Part {
  /** All that the content follows from, where it is worth keeping; undefined: made anew each time. */
  readonly key?: unknown;
  readonly content: LayerContent;
}

/** Compiles the sources, and does something with the folder that then goes. */
export async function withCompiled<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-program-'));
  const compiler = repositoryPath('node_modules/typescript/bin/tsc');
  const configuration = ['-p', repositoryPath('tsconfig.build.json'), '--outDir', directory];
  try {
    await run(process.execPath, [compiler, ...configuration]);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Node, packages, bionas: those that change rarely first. */
export async function partsOf(
  image: Image,
  { compiled, architecture }: { readonly compiled: string; readonly architecture: Architecture },
): Promise<readonly Part[]> {
  const folders = image.folders.map((folder) => join(compiled, folder));
  const packages = await packagesOf(folders, architecture);
  return [nodePart(architecture), packagesPart(packages), ownPart(image, compiled)];
}

function nodePart(architecture: Architecture): Part {
  const path = nodePath(architecture);
  const fill = async (root: string): Promise<Component[]> => {
    const [bin, doc] = [join(root, 'usr/local/bin'), join(root, 'usr/share/doc/node')];
    for (const folder of [bin, doc]) await mkdir(folder, { recursive: true });
    await cp(repositoryPath(`${path}/bin/node`), join(bin, 'node'));
    await cp(repositoryPath(`${path}/LICENSE`), join(doc, 'LICENSE'));
    return [componentOf(path)];
  };
  return { key: identitiesOf([path]), content: { fill } };
}

function packagesPart(packages: readonly string[]): Part {
  const fill = async (root: string): Promise<Component[]> => {
    await copyPackages(packages, join(root, APP));
    return packages.map(componentOf);
  };
  return { key: identitiesOf(packages), content: { fill } };
}

function ownPart({ folders, copied }: Image, compiled: string): Part {
  const fill = async (root: string): Promise<Component[]> => {
    for (const name of [...folders, 'package.json'])
      await cp(join(compiled, name), join(root, APP, name), { recursive: true });
    const paths = ['LICENSE', ...(copied === undefined ? [] : [copied])];
    for (const path of paths.filter((each) => existsSync(repositoryPath(each))))
      await cp(repositoryPath(path), join(root, APP, path), { recursive: true });
    return [];
  };
  return { content: { fill } };
}
