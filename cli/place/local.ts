// Searches of this machine: the directories of `bionas run`, read without taking them, for a run may be writing there.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { type BioNASSearch, nearestName, type Trial } from '../../crds/index.ts';
import { isFinished, isSettled, podPlaceOf } from '../../operator/reconcilers/index.ts';
import {
  type EditIo,
  editStoredSearch,
  isCarriedOut,
  type LiveEpochs,
  liveEpochsReader,
  NoSearchError,
  readSearchIn,
  trialReader,
} from '../run-directory/index.ts';
import { foreignOnS3, isOnS3, localFile } from './left-file.ts';
import { logOf } from './local-log.ts';
import { recordsIn } from './local-records.ts';
import {
  type Attempt,
  attemptsBy,
  byAttempt,
  type Evidence,
  type FoundSearch,
  type LedgerPlace,
  NoSuchSearchError,
  type SearchPlace,
  type UnreadableSearch,
  withoutPlaces,
} from './place.ts';

export interface LocalIo extends EditIo {
  readonly workingDirectory: string;
  /** With the keys of S3, where trials keep files there. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each run that a listing has to leave out. */
  err?(line: string): void;
}

/** Where `bionas run` puts searches. */
const RUNS = 'runs';
const LOG = '.log';

export function localPlace(io: LocalIo): SearchPlace {
  const stored = (root: string) => searchIn(root, io);
  const runs = resolve(io.workingDirectory, RUNS);
  const listed = listing(io);
  return {
    kind: 'local',
    async searches(leftOut) {
      const names = await readdir(runs).catch(() => []);
      return listed(
        names.toSorted().map((name) => join(runs, name)),
        leftOut,
      );
    },
    async open(search) {
      const roots = [search, join(RUNS, search)].map((name) => resolve(io.workingDirectory, name));
      for (const root of roots) {
        const found = await stored(root);
        if (found !== undefined) return found;
      }
      const near = nearestName(search, await readdir(runs).catch(() => []));
      const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
      throw new NoSuchSearchError(
        `${search}: expected the directory of a run, or its name under ${RUNS}/, found none${meant}: bionas status lists them; ` +
          'a search of a cluster is meant with --cluster, -n NAMESPACE or kubectl bionas',
      );
    },
  };
}

/** The one run in a directory, once it has begun. */
export function runPlace(directory: string, io: LocalIo): Pick<SearchPlace, 'kind' | 'searches'> {
  const listed = listing(io);
  return { kind: 'local', searches: (leftOut) => listed([directory], leftOut) };
}

/** The runs in directories, of which one that cannot be read hides no other: it is told of, on the terminal once. */
function listing(io: LocalIo) {
  const told = new Set<string>();
  return async (
    directories: readonly string[],
    leftOut: (search: UnreadableSearch) => void = () => undefined,
  ): Promise<FoundSearch[]> => {
    const found = directories.map((directory) =>
      searchIn(directory, io).catch((error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (!told.has(problem)) io.err?.(`left out: ${problem}`);
        told.add(problem);
        leftOut({ namespace: 'default', name: basename(directory), problem });
      }),
    );
    return (await Promise.all(found)).flatMap((each) => each ?? []);
  };
}

/** undefined where none is. */
async function searchIn(root: string, io: LocalIo): Promise<FoundSearch | undefined> {
  try {
    const at = { directory: root, trials: trialReader(root), told: liveEpochsReader(root) };
    return await foundIn(at, await readSearchIn(root), io);
  } catch (error) {
    if (error instanceof NoSearchError) return undefined;
    throw error;
  }
}

interface At extends Required<Pick<FoundSearch, 'directory' | 'trials'>> {
  readonly told: () => Promise<LiveEpochs>;
}

async function foundIn(at: At, search: BioNASSearch, io: LocalIo): Promise<FoundSearch> {
  const { directory, trials } = at;
  const below = relative(io.workingDirectory, directory);
  const logs = join(directory, 'logs');
  const ledger = join(directory, 'ledger.jsonl');
  const recordsFrom = (from: LedgerPlace) =>
    recordsIn(ledger, { search: search.metadata.uid ?? '', from });
  return {
    search,
    directory,
    trials,
    ...(await living(at, search, io)),
    argument: below === '' || below.startsWith('..') ? directory : below,
    again: async () => foundIn(at, await searchAgain(directory), io),
    records: () => withoutPlaces(recordsFrom(0)),
    recordsFrom,
    attempts: (trial) => attemptsIn(logs, trial),
    log: ({ pod, attempt }, signal, reading = {}) => {
      const isOver = async () => hasEnded(await trials(), { pod, attempt });
      return logOf(join(logs, `${pod}${LOG}`), { ...reading, isOver, clock: io.clock, signal });
    },
    file: (left, signal) => localFile(directory, left, { search, env: io.env ?? {}, signal }),
    outOfReach: (left) => (isOnS3(left.place ?? '') ? foreignOnS3(left, search) : undefined),
    events: async () => [],
    evidence: () => filesIn(directory),
    edit: (edit, { changed = false } = {}) =>
      editStoredSearch(
        directory,
        edit,
        io,
        changed ? (search.metadata.generation ?? 0) : undefined,
      ),
  };
}

/** Of one that has not ended: whether somebody carries it out, and what its trials have told of so far. */
async function living(
  { directory, told }: At,
  { status }: BioNASSearch,
  io: LocalIo,
): Promise<Pick<FoundSearch, 'interrupted' | 'liveEpochs'>> {
  if (isSettled(status?.conditions)) return {};
  return {
    async liveEpochs() {
      const epochs = await told();
      return ({ metadata }) => epochs.get(metadata.uid ?? '') ?? [];
    },
    ...((await isCarriedOut(directory, io)) ? {} : { interrupted: true }),
  };
}

async function searchAgain(directory: string): Promise<BioNASSearch> {
  try {
    return await readSearchIn(directory);
  } catch (cause) {
    if (!(cause instanceof NoSearchError)) throw cause;
    throw new NoSuchSearchError(cause.message, { cause });
  }
}

/** Names and sizes of what lies there. */
async function* filesIn(directory: string): AsyncGenerator<Evidence> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    const size = (await stat(path).catch(() => undefined))?.size;
    return [relative(directory, path), size] as const;
  });
  yield { name: 'files.yaml', content: Object.fromEntries(await Promise.all(sizes)) };
}

async function attemptsIn(logs: string, trial: string): Promise<Attempt[]> {
  const files = await readdir(logs).catch(() => []);
  return files
    .filter((file) => file.endsWith(LOG))
    .flatMap((file) => attemptsBy(trial, file.slice(0, -LOG.length)))
    .toSorted(byAttempt);
}

/** Whether nothing more comes of an attempt: its trial is over, or trained by a later one. */
function hasEnded(trials: readonly Trial[], { pod, attempt }: Attempt): boolean {
  const trial = trials.find(({ metadata }) => podPlaceOf(metadata.name, pod) !== undefined);
  const { status } = trial ?? {};
  return trial === undefined || isFinished(status) || (status?.attempt ?? 0) > attempt;
}
