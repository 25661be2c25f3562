// A program of the cluster while it runs: its log, its end, and how it is ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onDeath } from './watchdog.ts';

const STOP_MS = 15_000;
const LOG_TAIL = 2000;
const LOOK_AGAIN_MS = 50;

export interface ProgramPlan {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Working directory; the log is written to NAME.log there, after what it holds already. */
  readonly directory: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** It ended, or was not ready in time. */
export class ProgramError extends Error {
  constructor(name: string, what: string, log: string, cause?: unknown) {
    super(`${name} ${what}; the end of its log:\n${log || '(nothing)'}`, { cause });
    this.name = 'ProgramError';
  }
}

export class ProgramRun {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;

  private constructor(plan: ProgramPlan, child: ChildProcess, pid: number) {
    this.name = plan.name;
    this.pid = pid;
    this.logFile = logFileOf(plan);
    this.#child = child;
    const forget = onDeath({ kill: pid });
    this.ended = once(child, 'exit').then(([code, signal]: (number | string)[]) => {
      forget();
      return code ?? signal ?? 0;
    });
  }

  /** Throws ProgramError where it cannot be started at all. */
  static async start(plan: ProgramPlan): Promise<ProgramRun> {
    const log = openSync(logFileOf(plan), 'a', 0o600);
    // Detached: an interrupt from the terminal must not end them all at once, but in order.
    const child = spawn(plan.program, plan.args, {
      cwd: plan.directory,
      env: plan.env ?? process.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    if (child.pid === undefined) {
      const [cause] = await once(child, 'error');
      throw new ProgramError(plan.name, `cannot be started from ${plan.program}`, '', cause);
    }
    return new ProgramRun(plan, child, child.pid);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The end of its log. */
  get log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').slice(-LOG_TAIL) : '';
  }

  /** Waits until the check holds. Throws ProgramError when the program ends first, or after the deadline. */
  async until(check: () => Promise<boolean>, what: string, ms = 60_000): Promise<void> {
    const deadline = performance.now() + ms;
    while (!(await check())) {
      if (!this.running) {
        throw new ProgramError(
          this.name,
          `ended with ${await this.ended} before ${what}`,
          this.log,
        );
      }
      if (performance.now() > deadline) {
        throw new ProgramError(this.name, `was still waiting for ${what} after ${ms} ms`, this.log);
      }
      await delay(LOOK_AGAIN_MS);
    }
  }

  /** At once, and back when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** By SIGTERM, then after a while by SIGKILL. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const patience = new AbortController();
    const timer = delay(STOP_MS, 'late', { signal: patience.signal, ref: false }).catch(() => '');
    if ((await Promise.race([this.ended, timer])) === 'late') this.#child.kill('SIGKILL');
    await this.ended;
    patience.abort();
  }
}

function logFileOf({ directory, name }: ProgramPlan): string {
  return join(directory, `${name}.log`);
}
