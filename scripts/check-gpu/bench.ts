// Where the checks of a card are made: it starts a process a question. On a rehearsal the processor plays the card.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '../../operator/adapters/local/index.ts';
import type { ProbeAnswer, ProbeRequest } from './steps.ts';

const run = promisify(execFile);
const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url));
const DEADLINE_MS = 900_000;
const MOST_BYTES = 2 ** 29;
const QUIET = '--disable-warning=ExperimentalWarning';

export type Question = Omit<ProbeRequest, 'libraryDir' | 'executor'> &
  Partial<Pick<ProbeRequest, 'executor'>>;

export interface Bench {
  readonly libraryDir: string;
  readonly isRehearsal: boolean;
  onCard(question: Question): Promise<ProbeAnswer>;
  /** The same library with the cards out of sight. */
  onProcessor(question: Question): Promise<ProbeAnswer>;
  /** Workers that sum up, each on a card of its own. */
  onCards(count: number, question: Question): Promise<readonly ProbeAnswer[]>;
}

export class ProcessBench implements Bench {
  readonly libraryDir: string;
  readonly isRehearsal: boolean;

  constructor(libraryDir: string, isRehearsal: boolean) {
    this.libraryDir = libraryDir;
    this.isRehearsal = isRehearsal;
  }

  onCard(question: Question): Promise<ProbeAnswer> {
    return this.isRehearsal ? this.onProcessor(question) : this.#ask(question, {});
  }

  onProcessor(question: Question): Promise<ProbeAnswer> {
    return this.#ask(question, { CUDA_VISIBLE_DEVICES: '-1' });
  }

  async onCards(count: number, question: Question): Promise<readonly ProbeAnswer[]> {
    const ports = await freePorts(count);
    const peers = ports.map((port) => `127.0.0.1:${port}`).join(',');
    return Promise.all(
      ports.map((_, rank) =>
        this.#ask(question, {
          BIONAS_PEERS: peers,
          BIONAS_RANK: `${rank}`,
          BIONAS_PEER_SECONDS: '120',
          CUDA_VISIBLE_DEVICES: this.isRehearsal ? '-1' : `${rank}`,
        }),
      ),
    );
  }

  async #ask(question: Question, env: Readonly<Record<string, string>>): Promise<ProbeAnswer> {
    const { libraryDir } = this;
    const request: ProbeRequest = { executor: 'tensorflow', libraryDir, ...question };
    const options = {
      env: { ...process.env, ...env },
      timeout: DEADLINE_MS,
      maxBuffer: MOST_BYTES,
    };
    const { stdout } = await run(
      process.execPath,
      [QUIET, PROBE, JSON.stringify(request)],
      options,
    );
    return JSON.parse(stdout) as ProbeAnswer;
  }
}
