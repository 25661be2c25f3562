// The files that a trial of a local run has left: those of its own directory and no others.
import { open, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { KEPT_FILES } from '../../crds/index.ts';
import type { FileView } from '../../dashboard/api.ts';
import type { FoundSearch } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import type { MeasuredEpoch } from './layer-curves.ts';
import { RefusedError } from './problem.ts';

interface File extends FileView {
  readonly path: string;
}

/** Those that are there. */
export async function filesOf(found: FoundSearch, trial: ResultTrial): Promise<FileView[]> {
  const files = await filesIn(found, trial);
  return files.map(({ name, bytes }) => ({ name, ...(bytes === undefined ? {} : { bytes }) }));
}

/** @throws RefusedError */
export async function openFile(found: FoundSearch, trial: ResultTrial, name: string) {
  const files = await filesIn(found, trial);
  const file = files.find((each) => each.name === name);
  if (file === undefined)
    throw new RefusedError(
      `${name}: expected one of ${namesOf(files)}, the files of ${trial.name}`,
      { status: 404 },
    );
  const handle = await open(file.path);
  const { size } = await handle.stat();
  return { bytes: size, stream: handle.createReadStream() };
}

const namesOf = (files: readonly File[]): string =>
  files.length === 0 ? 'no files at all' : files.map(({ name }) => name).join(', ');

async function filesIn(found: FoundSearch, trial: ResultTrial): Promise<File[]> {
  const { directory } = found;
  if (directory === undefined) return [];
  const { log: _, ...artifacts } = trial.artifacts;
  const own = join('trials', trial.name, KEPT_FILES.alignment);
  const named = { [KEPT_FILES.alignment]: own, ...artifacts };
  const root = await realpath(directory);
  const files = Object.entries(named).map(([name, path]) => fileAt(name, join(root, path), root));
  return (await Promise.all(files)).flatMap((file) => file ?? []);
}

/** undefined where it is none, or lies outside of the root, by whatever name or link. */
async function fileAt(name: string, path: string, root: string): Promise<File | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !isInside(real, root)) return undefined;
  const found = await stat(real);
  return found.isFile() ? { name, path: real, bytes: found.size } : undefined;
}

/** Of absolute paths. */
export function isInside(path: string, root: string): boolean {
  const below = relative(root, path);
  return below !== '' && below !== '..' && !below.startsWith('../') && !isAbsolute(below);
}

/** What alignment.jsonl has; a line that is being written is left out. */
export async function layersOf(found: FoundSearch, trial: ResultTrial): Promise<MeasuredEpoch[]> {
  const files = await filesIn(found, trial);
  const file = files.find(({ name }) => name === KEPT_FILES.alignment);
  if (file === undefined) return [];
  const lines = (await readFile(file.path, 'utf8')).split('\n');
  return lines.flatMap((line) => (line === '' ? [] : (epochIn(line) ?? [])));
}

function epochIn(line: string): MeasuredEpoch | undefined {
  try {
    return JSON.parse(line) as MeasuredEpoch;
  } catch {
    return undefined;
  }
}
