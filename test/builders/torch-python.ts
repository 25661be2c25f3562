// Python of the environment that `make torch-venv` makes (scripts/torch-venv.sh), where it has been made.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
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

const SCRIPTS = fileURLToPath(new URL('torch_scripts.py', import.meta.url));

/** A script that ended with another exit code than 0. */
export class TorchScriptError extends Error {
  override readonly name = 'TorchScriptError';
  readonly code: number | string;
  readonly stdout: string;

  constructor(code: number | string, stdout: string) {
    super(`the script ended with ${code}\n${stdout}`);
    this.code = code;
    this.stdout = stdout;
  }
}

/** One Python that runs script after script: PyTorch is loaded once. */
export class TorchScripts implements AsyncDisposable {
  readonly #child = spawn(torchPython, [SCRIPTS], { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  #last: Promise<unknown> = Promise.resolve();

  /** Its standard output. @throws TorchScriptError */
  run(args: readonly string[]): Promise<string> {
    const turn = this.#last.then(() => this.#ask(args));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #ask(args: readonly string[]): Promise<string> {
    this.#child.stdin.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('Python has ended');
    const { code, stdout } = JSON.parse(value) as { code: number | string; stdout: string };
    if (code !== 0) throw new TorchScriptError(code, stdout);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await new Promise((resolve) => this.#child.once('close', resolve));
  }
}
