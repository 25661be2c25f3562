// `bionas run` as a user starts it, in a directory of its own, and the trainers that it starts, found by a mark in their environment.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { readResult, type SearchResult } from '../../cli/result/index.ts';
import {
  type EventRecord,
  isEvent,
  isTrialRecord,
  recordSchema,
  type TrialRecord,
} from '../../operator/reconcilers/index.ts';
import { makeSearchManifest } from '../builders/manifest.ts';
import { realPictures } from '../builders/real-pictures.ts';

const BIONAS = fileURLToPath(new URL('../../bin/bionas', import.meta.url));
const MARK = 'BIONAS_TEST_RUN';

export interface Trainer {
  readonly pid: number;
  readonly trial: string;
  readonly attempt: number;
  /** Of the trial's workers. */
  readonly rank: number;
}

/** Five search trials of LeNet and a final one; a proposal depends on the results before it. */
export const SEARCH = {
  searchSpace: { kind: 'fixed', network: 'lenet' },
  dataset: realPictures,
  algorithm: { name: 'regularized-evolution', settings: { population: 2, sample: 2 } },
  budget: { trials: 5 },
  final: { topK: 1 },
};

export class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk;
      });
    this.ended = once(child, 'close').then(() => child.exitCode);
  }
}

export class LocalRun {
  readonly directory: string;
  readonly #mark = randomUUID();
  readonly #started: Started[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Gone with the test, also where that runs out of its time: a trainer would else outlive it. */
  static async make(): Promise<LocalRun> {
    const run = new LocalRun(await mkdtemp(join(tmpdir(), 'bionas-run-')));
    onTestFinished(() => run.#end());
    return run;
  }

  async #end(): Promise<void> {
    for (const { child, ended } of this.#started) {
      child.kill('SIGKILL');
      await ended;
    }
    for (const { pid } of await this.trainers()) process.kill(pid, 'SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Writes the manifest and starts `bionas run` on it. */
  start(spec: Record<string, unknown> = {}, ...flags: string[]): Promise<Started> {
    return this.startIn({}, spec, ...flags);
  }

  /** The same with more in its environment. */
  async startIn(
    env: Readonly<Record<string, string>>,
    spec: Record<string, unknown>,
    ...flags: string[]
  ): Promise<Started> {
    const manifest = join(this.directory, 'search.yaml');
    await writeFile(manifest, stringify(makeSearchManifest({ ...SEARCH, ...spec })));
    const child = spawn(BIONAS, ['run', manifest, '--dir', this.#run, ...flags], {
      cwd: this.directory,
      env: { ...process.env, ...env, [MARK]: this.#mark },
    });
    const started = new Started(child);
    this.#started.push(started);
    return started;
  }

  get #run(): string {
    return join(this.directory, 'run');
  }

  /** What the last run left. */
  result(): Promise<SearchResult> {
    return readResult(join(this.#run, 'result.json'));
  }

  /** Trials that the ledger says have ended by now. */
  async records(): Promise<TrialRecord[]> {
    return (await this.history()).filter(isTrialRecord);
  }

  /** All that the ledger holds now. */
  async history(): Promise<EventRecord[]> {
    const text = await readFile(join(this.#run, 'ledger.jsonl'), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line.endsWith('}'));
    return lines
      .map((line) => {
        const { record } = JSON.parse(line);
        return recordSchema(record).parse(record);
      })
      .filter(isEvent);
  }

  /** Trainers of this run that live now, whoever started them. */
  async trainers(): Promise<Trainer[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(pids.map((pid) => this.#trainerOf(pid)));
    return found.filter((trainer) => trainer !== undefined);
  }

  async #trainerOf(pid: string): Promise<Trainer | undefined> {
    const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const env = new Map(text.split('\0').map((pair) => [pair.split('=')[0], pair]));
    const attempt = env.get('BIONAS_ATTEMPT');
    if (env.get(MARK) !== `${MARK}=${this.#mark}` || attempt === undefined) return undefined;
    const trial = /\/trials\/([^/]+)/.exec(env.get('BIONAS_WORKDIR') ?? '')?.[1] ?? '';
    const rank = Number(env.get('BIONAS_RANK')?.split('=')[1] ?? 0);
    return { pid: Number(pid), trial, attempt: Number(attempt.split('=')[1]), rank };
  }
}
