// The directory of a local search: objects/, ledger.jsonl, trials/<name>/, logs/, live.json, result.json,
// report.html, and a lock.
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIVE } from './live-epochs.ts';

/** The directory is in use by another process. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
}

/** No directory can be made there, or nothing be written into it. */
class DirectoryUnusableError extends Error {
  override readonly name = 'DirectoryUnusableError';
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

/** By a run. */
const LEFT = [
  'objects',
  'edits',
  'ledger.jsonl',
  'trials',
  'logs',
  LIVE,
  'result.json',
  'report.html',
];

/**
 * Takes the directory for this process; a lock whose owner was killed is taken over.
 * @throws DirectoryInUseError | DirectoryUnusableError
 */
export async function takeRunDirectory(
  root: string,
  options: RunDirectoryOptions,
): Promise<RunDirectory> {
  const lock = join(root, 'lock');
  const mine = `${lock}.${options.pid}`;
  try {
    await mkdir(root, { recursive: true });
    await writeFile(mine, String(options.pid));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DirectoryUnusableError(
      `${root}: expected a directory that can be written to, got ${reason}; use another --dir`,
      { cause },
    );
  }
  // Linked into place with its content: nobody ever reads a lock without an owner.
  await takeLock(lock, mine, options.isAlive).finally(() => rm(mine, { force: true }));
  if (options.fresh)
    for (const part of LEFT) await rm(join(root, part), { recursive: true, force: true });
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

type IsAlive = RunDirectoryOptions['isAlive'];

async function takeLock(lock: string, mine: string, isAlive: IsAlive): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await tookName(lock, mine)) return;
    const owner = await ownerOf(lock);
    if (owner > 0 && isAlive(owner))
      throw new DirectoryInUseError(
        `${lock}: process ${owner} runs this search; wait for it, stop it, or use another --dir ` +
          `(if process ${owner} is no bionas, remove ${lock})`,
      );
    await removeDead(lock, mine, isAlive);
  }
  throw new DirectoryInUseError(
    `${lock}: another process takes this search over; wait for it, or use another --dir`,
  );
}

/** Of several that find a dead owner's lock one removes it: the others must not remove what has come in its place. */
async function removeDead(lock: string, mine: string, isAlive: IsAlive): Promise<void> {
  const takeover = `${lock}.takeover`;
  const isDead = async (file: string) => {
    const owner = await ownerOf(file);
    return owner !== GONE && !(owner > 0 && isAlive(owner));
  };
  const first = await tookName(takeover, mine);
  if (first && (await isDead(lock))) await rm(lock, { force: true });
  if (first || (await isDead(takeover))) await rm(takeover, { force: true });
}

/** Gives `file` another name, unless something has it. */
async function tookName(name: string, file: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether another process runs the search there. */
export async function isRunning(root: string, isAlive: IsAlive): Promise<boolean> {
  const owner = await ownerOf(join(root, 'lock'));
  return owner > 0 && isAlive(owner);
}

/** Whether another process or this one does. */
export async function isCarriedOut(
  root: string,
  { pid, isAlive }: Pick<RunDirectoryOptions, 'pid' | 'isAlive'>,
): Promise<boolean> {
  return isRunning(root, (owner) => owner === pid || isAlive(owner));
}

const GONE = -1;

/** Process that the file names; 0 where a crash kept it from saying, GONE where there is no file any more. */
async function ownerOf(file: string): Promise<number> {
  return Number(await readFile(file, 'utf8').catch(() => GONE));
}
