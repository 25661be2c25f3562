// A source of last resort that works where only package mirrors are reachable: a Debian package that holds the files.
// `apt-get download` and `dpkg-deb -x` need no root and install nothing.
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandMissingError } from './command.ts';
import type { DatasetSource, FetchContext } from './source.ts';
import { SourceError } from './source-error.ts';

export interface DebianPackage {
  readonly package: string;
  /** Where the package puts its files, without the leading slash. */
  readonly folder: string;
  readonly files: readonly string[];
}

export function debianPackage(from: DebianPackage): DatasetSource {
  const title = `Debian package ${from.package}`;
  return {
    title,
    byHand: () =>
      `on Debian or Ubuntu, \`apt-get install ${from.package}\` and set the data set's path to /${from.folder}`,
    async obtain(context) {
      const directory = join(context.staging, 'package');
      await mkdir(directory);
      context.onProgress({ kind: 'receiving', source: title, file: from.package, received: 0 });
      const archive = await downloadPackage(from.package, directory, context);
      await unpack(archive, directory, context);
      for (const file of from.files) await take(join(directory, from.folder, file), file, context);
      await rm(directory, { recursive: true });
    },
  };
}

async function downloadPackage(name: string, directory: string, context: FetchContext) {
  try {
    await context.run('apt-get', ['download', name], commandOptions(directory, context));
  } catch (cause) {
    if (cause instanceof CommandMissingError || !(cause instanceof SourceError)) throw cause;
    const advice = 'if the package lists are missing or old, run `apt-get update` first (as root)';
    throw new SourceError(`${cause.message}; ${advice}`, { cause });
  }
  return onlyFile(directory, (entry) => entry.endsWith('.deb'));
}

/** A .deb is an ar archive around data.tar.*; dpkg-deb knows it, binutils and tar do too. */
async function unpack(archive: string, directory: string, context: FetchContext): Promise<void> {
  const options = commandOptions(directory, context);
  try {
    await context.run('dpkg-deb', ['-x', archive, '.'], options);
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    await context.run('ar', ['x', archive], options);
    const data = await onlyFile(directory, (entry) => entry.startsWith('data.tar'));
    await context.run('tar', ['-xf', data], options);
  }
}

async function onlyFile(directory: string, wanted: (entry: string) => boolean): Promise<string> {
  const entry = (await readdir(directory)).find(wanted);
  if (entry === undefined) throw new SourceError('the package manager left no package');
  return entry;
}

async function take(path: string, name: string, context: FetchContext): Promise<void> {
  try {
    await copyFile(path, join(context.staging, name));
  } catch (cause) {
    throw new SourceError(`the package has no ${name}`, { cause });
  }
}

function commandOptions(directory: string, context: FetchContext) {
  return { directory, signal: context.signal, deadline: context.patience.command };
}
