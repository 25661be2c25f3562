// The files that a trial has left. Of a local run those of its own directory are streamed, and no others of this machine; of a cluster
// they are read from where trainers keep them. The network is known without any file.
import { open, readFile, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { isSupernetText, KEPT_FILES } from '../../crds/index.ts';
import type { FileView } from '../../dashboard/api.ts';
import { type Clock, underDeadline } from '../../operator/runtime/index.ts';
import { genotypeDocument } from '../export/index.ts';
import { type FoundSearch, isOnS3 } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import type { MeasuredEpoch } from './layer-curves.ts';
import { RefusedError } from './problem.ts';

interface File extends FileView {
  /** Where it lies on this machine, without a link on the way. */
  readonly path?: string;
  /** As its trainer names it. */
  readonly place?: string;
  readonly content?: Uint8Array;
}

export interface OpenedFile {
  readonly bytes: number;
  readonly stream: Readable;
}

export interface Wanted {
  /** Of the file. */
  readonly name: string;
  readonly clock: Clock;
  /** Nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** The longest that is waited for one from elsewhere: 1 GB takes as long at 1.7 MB/s. */
const FETCH_MS = 600_000;

/** What trainers keep for people; a result is in the trial itself. */
const OFFERED: readonly string[] = Object.values(KEPT_FILES).filter(
  (file) => file !== KEPT_FILES.result,
);

/** Those that are there, and those of which it is known why they cannot be had. */
export async function filesOf(found: FoundSearch, trial: ResultTrial): Promise<FileView[]> {
  const files = await filesIn(found, trial);
  return files.map(({ name, bytes, problem }) => ({
    name,
    ...(bytes === undefined ? {} : { bytes }),
    ...(problem === undefined ? {} : { problem }),
  }));
}

/** @throws RefusedError | PlaceError | DeadlineExceededError */
export async function openFile(
  found: FoundSearch,
  trial: ResultTrial,
  { name, ...until }: Wanted,
): Promise<OpenedFile> {
  const files = await filesIn(found, trial);
  const file = files.find((each) => each.name === name);
  if (file === undefined)
    throw new RefusedError(
      `${name}: expected one of ${namesOf(files)}, the files of ${trial.name}`,
      { status: 404 },
    );
  if (file.problem !== undefined) throw new RefusedError(file.problem, { status: 404 });
  if (file.path === undefined) {
    const content = file.content ?? (await contentOf(found, { trial: trial.name, file, ...until }));
    return { bytes: content.length, stream: Readable.from([content]) };
  }
  const handle = await open(file.path);
  const { size } = await handle.stat();
  return { bytes: size, stream: handle.createReadStream() };
}

interface Fetched extends Omit<Wanted, 'name'> {
  /** Its name. */
  readonly trial: string;
  readonly file: File;
}

/** Until whoever asked has left: a network or a disk may stand still, and another request may wait for its memory. */
async function contentOf(found: FoundSearch, { trial, file, clock, signal }: Fetched) {
  const left = { trial, file: file.name, place: file.place };
  const deadline = { clock, ms: FETCH_MS, reason: `${file.name} from ${file.place}` };
  const content = await underDeadline(deadline, signal, (until) => found.file(left, until));
  if (content !== undefined) return content;
  throw new RefusedError(`${file.name}: it is at ${file.place} no more`, { status: 404 });
}

const namesOf = (files: readonly File[]): string =>
  files.length === 0 ? 'no files at all' : files.map(({ name }) => name).join(', ');

async function filesIn(found: FoundSearch, trial: ResultTrial): Promise<File[]> {
  const own = await ownFiles(found, trial);
  const kept = new Set(own.map(({ name }) => name));
  const files = [...own, ...keptElsewhere(found, trial).filter(({ name }) => !kept.has(name))];
  const hasGenotype = files.some(
    ({ name, problem }) => name === KEPT_FILES.genotype && problem === undefined,
  );
  if (hasGenotype || isSupernetText(trial.genotype)) return files;
  return [genotypeOf(found, trial), ...files.filter(({ name }) => name !== KEPT_FILES.genotype)];
}

function genotypeOf({ search }: FoundSearch, trial: ResultTrial): File {
  const text = JSON.stringify(genotypeDocument(trial, search.spec), null, 2);
  const content = Buffer.from(`${text}\n`);
  return { name: KEPT_FILES.genotype, bytes: content.length, content };
}

/** Of the trial's directory of a run, wherever that was moved to. */
async function ownFiles({ directory }: FoundSearch, trial: ResultTrial): Promise<File[]> {
  if (directory === undefined) return [];
  const root = await realpath(directory);
  const files = OFFERED.map((name) => fileAt(name, join(root, 'trials', trial.name, name), root));
  return (await Promise.all(files)).flatMap((file) => file ?? []);
}

/** What its result names that is not there: on NATS, on S3, on a volume. */
function keptElsewhere(found: FoundSearch, { name: trial, artifacts }: ResultTrial): File[] {
  const { log: _, ...named } = artifacts;
  return Object.values(named).flatMap((place) => {
    const name = basename(place);
    if (!OFFERED.includes(name)) return [];
    const problem = isOfThisMachine(found, place)
      ? `${name}: its trainer kept it at ${place}, and it is not in the run's own directory`
      : found.outOfReach({ trial, file: name, place });
    return [{ name, place, ...(problem === undefined ? {} : { problem }) }];
  });
}

/** A ledger may come from anybody: it names no file of whoever starts the dashboard. */
const isOfThisMachine = ({ directory }: FoundSearch, place: string): boolean =>
  directory !== undefined && !isOnS3(place);

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
  const files = await ownFiles(found, trial);
  const path = files.find(({ name }) => name === KEPT_FILES.alignment)?.path;
  if (path === undefined) return [];
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => (line === '' ? [] : (epochIn(line) ?? [])));
}

function epochIn(line: string): MeasuredEpoch | undefined {
  try {
    return JSON.parse(line) as MeasuredEpoch;
  } catch {
    return undefined;
  }
}
