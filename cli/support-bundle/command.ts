// `bionas support-bundle SEARCH`: what others need to help, in one archive, without secrets.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Clock } from '../../operator/runtime/index.ts';
import {
  type PlaceFlags,
  type PlaceIo,
  withPlace,
  withPlaceOptions,
  withSearchArgument,
} from '../place/index.ts';
import { bundleOf } from './contents.ts';

export interface SupportIo extends PlaceIo {
  out(line: string): void;
  readonly clock: Clock;
  /** `node v22.0.0 linux x64` */
  readonly runtime: string;
}

interface Flags extends PlaceFlags {
  readonly file?: string;
  readonly operatorNamespace: string;
}

/** No archive came of it. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

const HELP = `
In it: the search, its Trials and Events, counts of its history, failures and their logs, versions, and on a cluster the
operator's Pods and the ends of their logs. Values of environment variables, what is called a password, token, secret or key,
and what looks like one is taken out; names of networks, data sets and nodes are not. Look through it before you send it.
What could not be had is named in missing.txt.

Examples:
  bionas support-bundle runs/night
  kubectl bionas support-bundle night -n team-a -f night.tar.gz`;

export function addSupportBundleCommand(program: Command, io: SupportIo): void {
  const command = withSearchArgument(
    program
      .command('support-bundle')
      .description('what others need to help with a search, without secrets, as one archive'),
  )
    .option('-f, --file <path>', 'where it is written (default: bionas-NAME.tar.gz)')
    .option('--operator-namespace <name>', 'of a cluster: where the operator is', 'bionas-system');
  withPlaceOptions(command)
    .addHelpText('after', HELP)
    .action((search: string, flags: Flags) => bundle(search, flags, io));
}

async function bundle(search: string, flags: Flags, io: SupportIo): Promise<void> {
  const { signal, version, runtime, clock } = io;
  const about = { version, runtime, time: new Date(clock.now()).toISOString() };
  const { operatorNamespace } = flags;
  await withPlace(flags, io, async (place) => {
    const found = await place.open(search);
    const name = `bionas-${found.search.metadata.name}`;
    const file = flags.file ?? `${name}.tar.gz`;
    const files = await archived(bundleOf(found, { about, operatorNamespace, signal }), {
      name,
      file: resolve(io.workingDirectory, file),
    });
    io.out(`${file}: ${files} files; look through it before you send it: tar -tzf ${file}`);
  });
}

type Files = AsyncIterable<{ readonly name: string; readonly text: string }>;

/** Gives how many files are in it. @throws ArchiveError */
async function archived(
  files: Files,
  { name, file }: { readonly name: string; readonly file: string },
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bionas-bundle-'));
  try {
    let count = 0;
    for await (const each of files) {
      const path = join(folder, name, each.name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, each.text);
      count += 1;
    }
    await tar(['-czf', file, '-C', folder, name]);
    return count;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tar(args: readonly string[]): Promise<void> {
  const child = spawn('tar', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    const [code] = await once(child, 'close');
    if (code === 0) return;
  } catch (cause) {
    throw new ArchiveError('expected the program tar in the PATH, and it did not start', { cause });
  }
  throw new ArchiveError(`tar wrote no archive: ${said.trim()}`);
}
