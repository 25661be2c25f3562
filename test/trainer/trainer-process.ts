// A trainer as the kubelet starts it: its reports over IPC, its exit code, and the signals that tests send.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { Report } from '../../crds/index.ts';
import { makeTrialManifest } from '../builders/manifest.ts';
import { realPictures } from '../builders/real-pictures.ts';

const MAIN = fileURLToPath(new URL('../../trainer/main.ts', import.meta.url));

export async function makeWorkdir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'trainer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** LeNet on real pictures; `spec` replaces whole fields. */
export function makeRealTrial(spec: Record<string, unknown> = {}, uid = 'night-0-uid'): string {
  const trial = makeTrialManifest({ dataset: realPictures, fidelity: { epochs: 2 }, ...spec });
  return JSON.stringify({ ...trial, metadata: { name: 'night-0', uid } });
}

export class TrainerProcess {
  readonly child: ChildProcess;
  readonly reports: Report[] = [];
  /** What was sent and is no report of the contract. */
  readonly nonsense: unknown[] = [];
  readonly exited: Promise<number | null>;
  log = '';
  readonly #listeners: (() => void)[] = [];

  constructor(
    trial: string,
    directory: string,
    attempt = 0,
    more: Readonly<Record<string, string>> = {},
  ) {
    const env = {
      ...process.env,
      BIONAS_TRIAL: trial,
      BIONAS_ATTEMPT: String(attempt),
      BIONAS_WORKDIR: directory,
      BIONAS_THREADS: '1',
      BIONAS_BUS: 'ipc',
      ...more,
    };
    this.child = spawn(process.execPath, [MAIN], {
      env,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const { stderr } = this.child;
    if (stderr === null) throw new Error('the log is piped');
    stderr.on('data', (chunk: Buffer) => (this.log += chunk));
    this.child.on('message', (message) => this.#take(message));
    // Its close event never comes where the parent has disconnected.
    const ended = Promise.all([once(this.child, 'exit'), once(stderr, 'end')]);
    this.exited = ended.then(() => this.child.exitCode);
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  #take(message: unknown): void {
    const report = Report.safeParse(message);
    if (report.success) this.reports.push(report.data);
    else this.nonsense.push(message);
    for (const listener of this.#listeners.splice(0)) listener();
  }

  get kinds(): string[] {
    return this.reports.map(({ body }) => body.kind);
  }

  /** Until so many reports of this kind are there. */
  async until(kind: Report['body']['kind'], count = 1): Promise<void> {
    while (this.kinds.filter((known) => known === kind).length < count) {
      const said = new Promise<'said'>((resolve) => this.#listeners.push(() => resolve('said')));
      const next = await Promise.race([said, this.exited]);
      if (next !== 'said') throw new Error(`it ended with ${next} before a ${kind}: ${this.log}`);
    }
  }
}
