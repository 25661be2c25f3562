// Which npm packages a compiled program needs, as package-lock.json pins them: those that it imports, and what those need.
import { existsSync, readFileSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import type { Component } from './component.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

export type Architecture = 'x64' | 'arm64';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly cpu?: string | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Path below the repository (`node_modules/a`, `node_modules/a/node_modules/b`) -> what is pinned there. */
const locked: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8'),
).packages;

/** Paths of the packages that the JavaScript of some folders needs, sorted. Throws where one is not installed as it is locked. */
export async function packagesOf(
  folders: readonly string[],
  architecture: Architecture,
): Promise<string[]> {
  const code = (await Promise.all(folders.map(textsIn))).join('\n');
  const imported = Object.keys(packageJson.dependencies).filter((name) =>
    new RegExp(`(from|import)\\s*\\(?\\s*['"]${name}[/'"]`).test(code),
  );
  const needed = new Set<string>();
  const need = (name: string, by: string, isOptional: boolean): void => {
    const path = resolvedFrom(by, name);
    if (path === undefined || !existsSync(join(REPOSITORY, path))) {
      if (isOptional) return;
      throw new Error(`${name}, which ${by || 'bionas'} needs, is not installed: run npm ci`);
    }
    if (needed.has(path) || !runsOn(path, architecture)) return;
    requireAsLocked(path);
    needed.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = locked[path] ?? {};
    for (const other of Object.keys(dependencies ?? {})) need(other, path, false);
    const optional = { ...optionalDependencies, ...peerDependencies };
    for (const other of Object.keys(optional)) need(other, path, true);
  };
  for (const name of imported) need(name, '', false);
  return [...needed].sort();
}

/** Node itself, from the package that the lockfile pins. */
export const nodePath = (architecture: Architecture): string =>
  `node_modules/node-linux-${architecture}`;

/** Copies packages to where they were, below another root; what only people and compilers read stays behind. */
export async function copyPackages(paths: readonly string[], root: string): Promise<void> {
  for (const path of paths) {
    const from = join(REPOSITORY, path);
    const isWanted = (file: string) => {
      const inside = file.slice(from.length);
      // ONNX Runtime brings its library for every system.
      return (
        !inside.startsWith('/node_modules') &&
        !/(\.d\.[cm]?ts|\.map)$|\/(darwin|win32)$/.test(inside)
      );
    };
    await cp(from, join(root, path), { recursive: true, filter: isWanted });
  }
}

export const repositoryPath = (path: string): string => join(REPOSITORY, path);

export function componentOf(path: string): Component {
  const { version, license, integrity } = lockedAt(path);
  const name = nameOf(path);
  const [algorithm = '', digest = ''] = integrity?.split('-') ?? [];
  const content = Buffer.from(digest, 'base64').toString('hex');
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    ...(algorithm === 'sha512' ? { hashes: [{ alg: 'SHA-512', content }] } : {}),
  };
}

/** What the packages follow from: enough to know that they are the same as another time. */
export const identitiesOf = (paths: readonly string[]): string[] =>
  paths.map((path) => `${path} ${lockedAt(path).integrity}`);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

function lockedAt(path: string): Locked {
  const found = locked[path];
  if (found === undefined) throw new Error(`package-lock.json has no ${path}`);
  return found;
}

/** As Node looks: in the package's own node_modules, then in those of the packages around it, then in the repository's. */
function resolvedFrom(by: string, name: string): string | undefined {
  const parts = by === '' ? [] : by.split('/node_modules/');
  const around = parts.map((_, i) => parts.slice(0, parts.length - i).join('/node_modules/'));
  const places = [...around, ''].map((at) => join(at, 'node_modules', name));
  return places.find((path) => path in locked);
}

function runsOn(path: string, architecture: Architecture): boolean {
  const { cpu } = lockedAt(path);
  return cpu === undefined || [cpu].flat().includes(architecture);
}

function requireAsLocked(path: string): void {
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, path, 'package.json'), 'utf8'));
  const expected = lockedAt(path).version;
  if (version !== expected)
    throw new Error(`${path}: expected ${expected}, found ${version}: run npm ci`);
}

async function textsIn(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true });
  const code = files.filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(code.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('\n');
}
