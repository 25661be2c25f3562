// Searches of this machine: the directories of `bionas run`, read without taking them, for a run may be writing there.
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { BioNASSearch } from '../../crds/index.ts';
import {
  type EditIo,
  editStoredSearch,
  NoSearchError,
  readStoredSearch,
} from '../run-directory/index.ts';
import { recordsIn } from './local-records.ts';
import {
  type Attempt,
  type Evidence,
  type FoundSearch,
  NoSuchSearchError,
  type SearchPlace,
} from './place.ts';

export interface LocalIo extends EditIo {
  readonly workingDirectory: string;
}

/** Where `bionas run` puts searches. */
const RUNS = 'runs';

export function localPlace(io: LocalIo): SearchPlace {
  const stored = async (root: string): Promise<FoundSearch | undefined> => {
    try {
      return foundIn(root, (await readStoredSearch(root)).search, io);
    } catch (error) {
      if (error instanceof NoSearchError) return undefined;
      throw error;
    }
  };
  return {
    kind: 'local',
    async searches() {
      const runs = resolve(io.workingDirectory, RUNS);
      const names = await readdir(runs).catch(() => []);
      const found = await Promise.all(names.toSorted().map((name) => stored(join(runs, name))));
      return found.flatMap((each) => each ?? []);
    },
    async open(search) {
      const roots = [search, join(RUNS, search)].map((name) => resolve(io.workingDirectory, name));
      for (const root of roots) {
        const found = await stored(root);
        if (found !== undefined) return found;
      }
      throw new NoSuchSearchError(
        `${search}: expected the directory of a run, or its name under ${RUNS}/, found none: bionas status lists them; ` +
          'a search of a cluster is meant with --cluster, -n NAMESPACE or kubectl bionas',
      );
    },
  };
}

function foundIn(directory: string, search: BioNASSearch, io: LocalIo): FoundSearch {
  const below = relative(io.workingDirectory, directory);
  const logs = join(directory, 'logs');
  return {
    search,
    directory,
    argument: below === '' || below.startsWith('..') ? directory : below,
    trials: async () => (await readStoredSearch(directory)).trials,
    records: () => recordsIn(join(directory, 'ledger.jsonl'), search.metadata.uid ?? ''),
    attempts: (trial) => attemptsIn(logs, trial),
    log: ({ pod }) => logOf(join(logs, `${pod}.log`)),
    file: ({ trial, file }) => fileOf(join(directory, 'trials', trial, file)),
    events: async () => [],
    evidence: () => filesIn(directory),
    edit: (edit) => editStoredSearch(directory, edit, io),
  };
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
    .flatMap((file) => {
      const number =
        file.startsWith(`${trial}-`) && /^(\d+)\.log$/.exec(file.slice(trial.length + 1));
      return number ? [{ attempt: Number(number[1]), pod: `${trial}-${number[1]}` }] : [];
    })
    .toSorted((a, b) => a.attempt - b.attempt);
}

async function logOf(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  const file = await open(path).catch(() => undefined);
  return file?.createReadStream();
}

async function fileOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
