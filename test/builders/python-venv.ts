// Pythons of the environments that scripts/python-venv.sh makes, where they have been made.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const venvs =
  process.env['BIONAS_VENVS'] ??
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bionas/venvs');

/** Undefined where it has not been made, which is said. */
export function venvPython(name: string): string | undefined {
  if (existsSync(join(venvs, name, '.installed'))) return join(venvs, name, 'bin/python');
  console.warn(`skipped: no Python environment ${name}; run scripts/python-venv.sh ${name}`);
  return undefined;
}
