// The directory of a local search: objects/, ledger.jsonl, trials/<name>/, logs/, result.json, report.html, and a lock.
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The directory is in use by another process. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
}

export interface RunDirectory {
  readonly root: string;
  readonly objects: string;
  readonly ledger: string;
  readonly result: string;
  readonly report: string;
  trial(name: string): string;
  log(pod: string): string;
  release(): Promise<void>;
}

export interface RunDirectoryOptions {
  readonly fresh: boolean;
  readonly pid: number;
  /** Whether a process with this id lives and is one of ours. */
  readonly isAlive: (pid: number) => boolean;
}

/** Takes the directory for this process; a lock whose owner was killed is taken over. @throws DirectoryInUseError */
export async function takeRunDirectory(
  root: string,
  options: RunDirectoryOptions,
): Promise<RunDirectory> {
  await mkdir(root, { recursive: true });
  const lock = join(root, 'lock');
  await takeLock(lock, options);
  if (options.fresh)
    for (const part of ['objects', 'ledger.jsonl', 'trials', 'logs', 'result.json', 'report.html'])
      await rm(join(root, part), { recursive: true, force: true });
  return {
    root,
    objects: join(root, 'objects'),
    ledger: join(root, 'ledger.jsonl'),
    result: join(root, 'result.json'),
    report: join(root, 'report.html'),
    trial: (name) => join(root, 'trials', name),
    log: (pod) => join(root, 'logs', `${pod}.log`),
    release: () => rm(lock, { force: true }),
  };
}

async function takeLock(lock: string, { pid, isAlive }: RunDirectoryOptions): Promise<void> {
  // Linked into place with its content: nobody ever reads a lock without an owner.
  const mine = `${lock}.${pid}`;
  await writeFile(mine, String(pid));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      const cause = await link(mine, lock).catch((error: NodeJS.ErrnoException) => error);
      if (cause === undefined) return;
      if (cause.code !== 'EEXIST') throw cause;
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (owner > 0 && isAlive(owner))
        throw new DirectoryInUseError(
          `${lock}: process ${owner} runs this search; wait for it, stop it, or use another --dir ` +
            `(if process ${owner} is no bionas, remove ${lock})`,
          { cause },
        );
      await rm(lock, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
  throw new DirectoryInUseError(`${lock} comes back as often as it is removed; use another --dir`);
}
