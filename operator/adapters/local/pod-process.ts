// One pod's command as a child process: its own process group, a log file, an IPC channel, an end that is always awaited.
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, withinDeadline } from '../../runtime/index.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string | undefined;
  /** stdout and stderr are appended to it. */
  readonly logFile: string;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly startError?: Error | undefined;
  /** SIGKILL was ours. */
  readonly killed: boolean;
}

/** A grandchild may hold the channel open; after this the messages that have come are all. */
const LAST_MESSAGES_MS = 2_000;

export class PodProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #exited = Promise.withResolvers<ProcessExit>();
  readonly #over = new AbortController();
  #ending = false;
  #killed = false;

  private constructor(child: ChildProcess, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
  }

  /** Resolves once the process runs or could not be started, which `exited` tells. @throws if there is no log file to write. */
  static async start(
    command: Command,
    clock: Clock,
    onMessage: (message: unknown) => void,
  ): Promise<PodProcess> {
    await mkdir(dirname(command.logFile), { recursive: true });
    const log = await open(command.logFile, 'a');
    try {
      const process = new PodProcess(spawnInto(log, command), clock);
      await process.#started(command, onMessage);
      return process;
    } finally {
      await log.close();
    }
  }

  /** The end of the process, with every message before it delivered. Never rejects. */
  get exited(): Promise<ProcessExit> {
    return this.#exited.promise;
  }

  /** SIGTERM, and SIGKILL when it has not ended in `graceMs`. A second call may only kill sooner. */
  async terminate(graceMs: number): Promise<void> {
    if (!this.#ending) this.#signal('SIGTERM');
    this.#ending = true;
    await this.#clock.sleep(graceMs, this.#over.signal).then(
      () => this.kill(),
      () => {},
    );
  }

  /** SIGKILL to the process and everything it started. */
  kill(): void {
    if (this.#over.signal.aborted) return;
    this.#killed = true;
    this.#signal('SIGKILL');
  }

  #started(command: Command, onMessage: (message: unknown) => void): Promise<void> {
    const child = this.#child;
    child.on('message', onMessage);
    return new Promise((resolve) => {
      child.once('spawn', resolve);
      child.on('error', (cause) => {
        // Later errors are of the channel; the exit event tells the rest.
        if (child.pid !== undefined) return;
        this.#over.abort();
        // The system says ENOENT for a missing working directory too, so name both.
        const { file, workingDirectory: folder } = command;
        const place = folder === undefined ? '' : ` in ${folder}`;
        const startError = new Error(`cannot run ${file}${place}: ${cause.message}`, { cause });
        this.#exited.resolve({ code: null, signal: null, startError, killed: false });
        resolve();
      });
      child.once('exit', (code, signal) => void this.#ended(code, signal));
    });
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#over.abort();
    // The command is over; what it started and left behind goes too.
    this.#signal('SIGKILL');
    if (this.#child.connected) await this.#lastMessages();
    this.#exited.resolve({ code, signal, killed: this.#killed });
  }

  async #lastMessages(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    const deadline = { clock: this.#clock, ms: LAST_MESSAGES_MS, reason: 'last messages' };
    await withinDeadline(deadline, closed).catch(() => this.#child.disconnect());
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch (error) {
      // ESRCH: the whole group has ended.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function spawnInto(log: FileHandle, command: Command): ChildProcess {
  return spawn(command.file, command.args, {
    cwd: command.workingDirectory,
    env: command.env,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    // A process group of its own: a Ctrl-C at the terminal reaches us alone, and we end the group.
    detached: true,
  });
}
