// `bionas` as a person starts it: a process of its own, what it says, and its exit code.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PLUGIN = fileURLToPath(new URL('../../bin/kubectl-bionas', import.meta.url));
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export const bionas = (...args: readonly string[]) =>
  ended(promisify(execFile)(process.execPath, [MAIN, ...args]));

/** As kubectl starts it, where bin/ is in the PATH. */
export const kubectlBionas = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) => ended(promisify(execFile)(PLUGIN, args, { env: { ...process.env, ...env } }));

async function ended(run: Promise<{ stdout: string; stderr: string; code?: number }>) {
  const { stdout, stderr, code = 0 } = await run.catch((error) => error);
  return { stdout: String(stdout), stderr: String(stderr), code: code as number };
}
