// One pod from the moment the kubelet takes it on until its process has ended and its status says so.
import {
  type Clock,
  ConflictError,
  keyOf,
  type Live,
  type Logger,
  NotFoundError,
  type ObjectClient,
} from '../../runtime/index.ts';
import type { Pod, PodStatus } from './pod.ts';
import { type CommandOptions, commandOf } from './pod-command.ts';
import { PodProcess, type ProcessExit } from './pod-process.ts';
import { accepted, disrupted, ended, running } from './pod-status.ts';
import { type ProcessEnd, terminated } from './termination.ts';

export interface PodRunOptions extends CommandOptions {
  readonly pods: ObjectClient<Pod>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onMessage: (pod: Pod, message: unknown) => void;
  readonly oomKills: () => Promise<number | undefined>;
  /** What it is told of the others in its group, below its own env. */
  readonly peers: Promise<Readonly<Record<string, string>>>;
}

export class PodRun {
  readonly #pod: Live<Pod>;
  readonly #options: PodRunOptions;
  #process: PodProcess | undefined;
  /** Asked to end, perhaps before the process is there. */
  #graceMs: number | undefined;
  #disrupted = false;

  constructor(pod: Live<Pod>, options: PodRunOptions) {
    this.#pod = pod;
    this.#options = options;
  }

  /** Never rejects; when it resolves there is no process. */
  async run(): Promise<void> {
    const { logger } = this.#options;
    const { clock } = this.#options;
    const started = { wall: clock.now(), monotonic: clock.monotonic() };
    const startedAt = timestamp(started.wall);
    try {
      if ((await this.#report(accepted(startedAt))) === undefined) return;
      const end = await this.#runProcess(startedAt).catch((error: unknown) => notRun(error));
      // However the wall clock was set meanwhile, or the machine slept: how long it ran is right.
      const finishedAt = timestamp(started.wall + clock.monotonic() - started.monotonic);
      const status = ended(this.#pod, terminated({ ...end, startedAt, finishedAt }));
      await this.#finish(this.#disrupted ? disrupted(status, finishedAt) : status);
    } catch (error) {
      logger.error('Pod has ended, but its status cannot be written', { error });
    } finally {
      this.#process?.kill();
      await this.#process?.exited;
    }
  }

  /** SIGTERM now, SIGKILL after the grace. `disruption`: the end is the machine's doing, not the pod's. */
  terminate(graceMs: number, { disruption = false } = {}): void {
    this.#disrupted ||= disruption;
    this.#graceMs = Math.min(graceMs, this.#graceMs ?? graceMs);
    void this.#process?.terminate(this.#graceMs);
  }

  kill(): void {
    this.#process?.kill();
  }

  async #runProcess(startedAt: string): Promise<ProcessExit & Pick<ProcessEnd, 'oomKills'>> {
    const { clock, onMessage, oomKills, peers, env, logFile } = this.#options;
    const command = commandOf(this.#pod, { logFile, env: { ...env, ...(await peers) } });
    const before = await oomKills();
    if (this.#graceMs !== undefined) throw new Error('the pod was deleted before its start');
    const process = await PodProcess.start(command, clock, (message) =>
      onMessage(this.#pod, message),
    );
    this.#process = process;
    if (this.#graceMs !== undefined) void process.terminate(this.#graceMs);
    await this.#report(running(this.#pod, startedAt));
    const exit = await process.exited;
    const after = await oomKills();
    const kills = before === undefined || after === undefined ? undefined : after - before;
    return { ...exit, oomKills: kills };
  }

  /** A pod that is being deleted has waited for this. */
  async #finish(status: PodStatus): Promise<void> {
    const reported = await this.#report(status);
    if (reported?.metadata.deletionTimestamp === undefined) return;
    const { uid } = this.#pod.metadata;
    await this.#options.pods
      .delete(keyOf(this.#pod), { uid, gracePeriodSeconds: 0 })
      .catch(ignoreGone);
  }

  /** undefined when the pod is not there any more. */
  async #report(status: PodStatus): Promise<Live<Pod> | undefined> {
    const { uid } = this.#pod.metadata;
    return this.#options.pods.patchStatus(keyOf(this.#pod), status, { uid }).catch(ignoreGone);
  }
}

const timestamp = (ms: number): string => new Date(ms).toISOString();

function notRun(error: unknown): ProcessExit & Pick<ProcessEnd, 'oomKills'> {
  const startError = error instanceof Error ? error : new Error(String(error));
  return { code: null, signal: null, startError, killed: false, oomKills: undefined };
}

/** Gone, or replaced by a namesake: either way not ours to report on. */
function ignoreGone(error: unknown): undefined {
  if (error instanceof NotFoundError || error instanceof ConflictError) return undefined;
  throw error;
}
