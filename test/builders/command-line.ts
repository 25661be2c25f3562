// `bionas` as a person starts it: a process of its own, what it says, and its exit code.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export async function bionas(...args: readonly string[]) {
  const run = promisify(execFile)(process.execPath, [MAIN, ...args]);
  const { stdout, stderr, code = 0 } = await run.catch((error) => error);
  return { stdout: String(stdout), stderr: String(stderr), code: code as number };
}
