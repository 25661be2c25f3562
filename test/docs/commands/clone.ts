// A folder that looks like a clone of bionas: its files are those of this checkout, its examples are small, its home is empty.
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { libraryDir } from '../../builders/tensorflow.ts';
import type { ShownFile } from './extract.ts';
import { ROOT } from './pages.ts';
import { small } from './small.ts';

const OWN = new Set(['runs', 'examples', 'dist', '.git']);

export interface Clone {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface CloneWishes {
  /** Where it is made. */
  readonly folder: string;
  /** With the pictures of smallPictures(). */
  readonly cache: string;
  /** Runs that it has, by name: copied from there. */
  readonly runs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** That a page shows, which its reader writes. */
  readonly files?: readonly ShownFile[];
  /** A folder of programs that come before those of the machine. */
  readonly programs?: string;
}

export async function makeClone(wishes: CloneWishes): Promise<Clone> {
  const { folder, cache, runs = {}, env = {}, files = [], programs = ROOT } = wishes;
  const directory = await mkdtemp(join(folder, 'clone-'));
  const entries = (await readdir(ROOT)).filter((entry) => !OWN.has(entry));
  await Promise.all(entries.map((entry) => symlink(join(ROOT, entry), join(directory, entry))));
  await copyExamples(directory);
  for (const { name, text } of files)
    if (!name.includes('/')) await writeFile(join(directory, name), small(text));
  for (const [name, from] of Object.entries(runs))
    await cp(from, join(directory, 'runs', name), { recursive: true });
  const home = join(directory, '.home');
  await mkdir(home);
  const own = [join(ROOT, 'bin'), programs, dirname(process.execPath)];
  const path = [...own, process.env['PATH']].join(delimiter);
  const places = { HOME: home, PATH: path, BIONAS_CACHE: cache, BIONAS_TENSORFLOW_DIR: libraryDir };
  return { directory, env: { ...inherited(), ...places, KUBECONFIG: '/dev/null', ...env } };
}

/** What a shell of somebody else would have. */
function inherited(): Record<string, string> {
  const kept = ['LANG', 'TMPDIR', 'TERM', 'SSL_CERT_FILE'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}

async function copyExamples(directory: string): Promise<void> {
  for (const path of globSync('examples/**/*.*', { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8');
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), path.endsWith('.yaml') ? small(text) : text);
  }
}
