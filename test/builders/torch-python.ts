// Python of the environment that `make torch-venv` makes (scripts/torch-venv.sh), where it has been made.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const venv =
  process.env['BIONAS_TORCH_VENV'] ??
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bionas/venvs/torch');

export const torchPython = join(venv, 'bin/python');
export const hasTorchPython = existsSync(join(venv, '.installed'));
if (!hasTorchPython) console.warn(`skipped: no Python at ${torchPython}; run \`make torch-venv\``);

/** Runs a script or `-c` text; gives its standard output, rejects with its standard error. */
export async function runTorchPython(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(torchPython, args, { timeout: 150_000 });
  return stdout;
}
