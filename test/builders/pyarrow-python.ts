// Python with pyarrow, where somebody has made it, to read what we write as others do.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const venv = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'bionas/venvs/pyarrow',
);
const python = join(venv, 'bin/python');

export const hasPyarrow = existsSync(python);
if (!hasPyarrow)
  console.warn(
    `skipped: no ${python}; run \`python3 -m venv ${venv} && ${venv}/bin/pip install pyarrow\``,
  );

/** Runs `-c` text with arguments; gives its standard output, rejects with its standard error. */
export async function runPyarrow(text: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(python, ['-c', text, ...args], { timeout: 60_000 });
  return stdout;
}
