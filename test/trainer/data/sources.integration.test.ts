// The sources that unpack: a .tar.gz over HTTP, and a Debian package by commands (stand-ins, then the real ones).
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchEntry } from '../../../trainer/data/fetch.ts';
import { CATALOG, loadDataset } from '../../../trainer/data/index.ts';
import {
  CommandMissingError,
  type CommandRunner,
  debianPackage,
  httpArchive,
  runCommand,
  SourceError,
} from '../../../trainer/data/sources/index.ts';
import { digest, FILES, makeEntry, refusing, serving, startServer } from './dataset-servers.ts';
import { inMemory } from './picture-sets.ts';

let scratch: string;
let cacheDir: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bionas-sources-'));
  cacheDir = join(scratch, 'cache');
});
afterEach(() => rm(scratch, { recursive: true }));

const { files } = makeEntry();

/** A directory `set/` with FILES and a README. */
async function writeFolder(): Promise<string> {
  const folder = join(scratch, 'set');
  await mkdir(folder);
  await writeFile(join(folder, 'README'), 'not wanted');
  for (const [name, bytes] of Object.entries(FILES)) await writeFile(join(folder, name), bytes);
  return folder;
}

async function makeArchive(name = 'set.tar.gz'): Promise<Uint8Array> {
  await writeFolder();
  const made = spawnSync('tar', ['-czf', name, 'set'], { cwd: scratch });
  expect(made.status).toBe(0);
  return new Uint8Array(await readFile(join(scratch, name)));
}

describe('an archive over HTTP', () => {
  const members = new Map(files.map((file) => [file.name, file.bytes ?? 0]));
  const entryOf = (base: string, archive: Uint8Array, wanted = members) => ({
    name: 'mnist' as const,
    files,
    sources: [
      httpArchive({ base, archive: 'set.tar.gz', checksum: digest(archive), members: wanted }),
    ],
  });

  test('its wanted members reach the cache, the archive does not', async () => {
    const archive = await makeArchive();
    const server = await startServer({ 'set.tar.gz': serving(archive) });
    await fetchEntry(entryOf(server.base, archive), { cacheDir });
    await server.close();
    const directory = join(cacheDir, 'mnist');
    expect((await readdir(directory)).toSorted()).toEqual([
      'fetched.json',
      'labels.bin',
      'pictures.bin',
    ]);
    for (const [name, bytes] of Object.entries(FILES)) {
      expect(new Uint8Array(await readFile(join(directory, name)))).toEqual(bytes);
    }
  });

  test('an archive that a person put into the cache spares the download', async () => {
    const archive = await makeArchive();
    const server = await startServer({ 'set.tar.gz': refusing });
    await mkdir(join(cacheDir, 'mnist'), { recursive: true });
    await writeFile(join(cacheDir, 'mnist', 'set.tar.gz'), archive);
    const fetched = await fetchEntry(entryOf(server.base, archive), { cacheDir });
    await server.close();
    expect(fetched.paths.length).toBe(2);
    expect(server.asked).toEqual([]);
  });

  test.each([
    ['lacks a member', (whole: Uint8Array) => whole, ['more.bin', 5], /archive with more\.bin/],
    ['has one of another size', (whole: Uint8Array) => whole, ['labels.bin', 7], /of 7 bytes/],
    ['is cut', (whole: Uint8Array) => whole.slice(0, -40), ['more.bin', 5], /gzip data/],
    ['is no archive', () => new Uint8Array(900).fill(65), ['labels.bin', 300], /gzip data/],
  ] as const)('an archive that %s is refused', async (_, change, member, reason) => {
    const archive = change(await makeArchive());
    const server = await startServer({ 'set.tar.gz': serving(archive) });
    const entry = entryOf(server.base, archive, new Map([...members, member]));
    await expect(fetchEntry(entry, { cacheDir })).rejects.toThrow(reason);
    await server.close();
    expect(await readdir(join(cacheDir, 'mnist'))).toEqual([]);
  });
});

describe('a Debian package', () => {
  const folder = 'set';
  const source = debianPackage({ package: 'dataset-made-up', folder, files: Object.keys(FILES) });
  const entry = { name: 'mnist' as const, files, sources: [source] };

  /** Acts as the package manager of a machine that has only the commands given. */
  function machineWith(...commands: readonly string[]): { run: CommandRunner; ran: string[] } {
    const ran: string[] = [];
    const run: CommandRunner = async (command, args, { directory }) => {
      if (!commands.includes(command)) throw new CommandMissingError(`${command} is not here`);
      ran.push([command, ...args].join(' '));
      if (command === 'apt-get') await writeFile(join(directory, 'made-up_1_all.deb'), '');
      if (command === 'ar') await writeFile(join(directory, 'data.tar.xz'), '');
      if (command === 'dpkg-deb' || command === 'tar') {
        await mkdir(join(directory, folder));
        for (const name of Object.keys(FILES)) {
          await copyFile(join(scratch, folder, name), join(directory, folder, name));
        }
      }
    };
    return { run, ran };
  }

  test.each([
    [
      'dpkg-deb unpacks where it is there',
      ['apt-get', 'dpkg-deb'],
      ['apt-get download dataset-made-up', 'dpkg-deb -x made-up_1_all.deb .'],
    ],
    [
      'ar and tar do where it is not',
      ['apt-get', 'ar', 'tar'],
      ['apt-get download dataset-made-up', 'ar x made-up_1_all.deb', 'tar -xf data.tar.xz'],
    ],
  ])('%s', async (_, commands, want) => {
    await writeFolder();
    const { run, ran } = machineWith(...commands);
    const fetched = await fetchEntry(entry, { cacheDir, run });
    expect(ran).toEqual(want);
    expect(fetched.source).toBe('Debian package dataset-made-up');
    expect((await readdir(fetched.directory)).toSorted()).toEqual([
      'fetched.json',
      'labels.bin',
      'pictures.bin',
    ]);
  });

  test('without apt-get the report says so', async () => {
    const { run } = machineWith('dpkg-deb');
    await expect(fetchEntry(entry, { cacheDir, run })).rejects.toThrow(/apt-get is not here/);
  });

  test('a failed download advises to update the package lists', async () => {
    const run: CommandRunner = async () => {
      throw new SourceError('apt-get ended with code 100: E: Unable to locate package');
    };
    const fetching = fetchEntry(entry, { cacheDir, run });
    await expect(fetching).rejects.toThrow(/Unable to locate package; .*`apt-get update`/);
  });
});

describe('commands', () => {
  const options = (deadline = 5000, signal = new AbortController().signal) => ({
    directory: scratch,
    signal,
    deadline,
  });

  test.each([
    ['fails', 'sh', ['-c', 'echo first >&2; echo last words >&2; exit 3'], /code 3: last words/],
    ['is not installed', 'bionas-no-such-command', [], /is not on this machine/],
    ['does not end', 'sleep', ['20'], /did not end within 0\.2 s/],
  ])('one that %s', async (_, command, args, reason) => {
    const deadline = command === 'sleep' ? 200 : 5000;
    await expect(runCommand(command, args, options(deadline))).rejects.toThrow(reason);
  });

  test('one that is aborted ends with the signal’s reason', async () => {
    const abort = new AbortController();
    const reason = new Error('interrupted');
    const running = expect(runCommand('sleep', ['20'], options(5000, abort.signal))).rejects.toBe(
      reason,
    );
    abort.abort(reason);
    await running;
  });
});

const hasPackage =
  spawnSync('apt-cache', ['show', 'dataset-fashion-mnist'], { stdio: 'ignore' }).status === 0;
if (!hasPackage) console.log('skipped: no apt-get here that knows dataset-fashion-mnist');

describe.skipIf(!hasPackage)('Fashion-MNIST from Debian', () => {
  test('arrives with the official content and loads', async () => {
    const { sources, ...entry } = CATALOG['fashion-mnist'];
    const packages = sources.filter((source) => source.title.startsWith('Debian'));
    const fetched = await fetchEntry({ ...entry, sources: packages }, { cacheDir });
    expect(fetched.source).toBe('Debian package dataset-fashion-mnist');
    const { train, test: held } = await loadDataset({ name: 'fashion-mnist' }, { cacheDir });
    expect([train.labels.length, held.labels.length]).toEqual([60_000, 10_000]);
    expect(train.classes[train.labels[0]!]).toBe('Ankle boot');
    const { pictures } = inMemory(train);
    const mean = pictures.reduce((a, b) => a + b) / pictures.length / 255;
    expect(mean).toBeCloseTo(0.286, 3);
  });
});
