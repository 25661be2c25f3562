// The operator of this checkout as a process of its own, for tests and benchmarks: started, killed, started again.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type OwnDirectory, ownDirectory } from './directories.ts';
import { ProgramRun } from './program-run.ts';

const MAIN = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));
const QUIET = '--disable-warning=ExperimentalWarning';

export interface OperatorProcessOptions {
  readonly kubeconfig: string;
  readonly nats: string;
  /** Flags beside these. */
  readonly flags?: readonly string[];
  /** Flags of Node itself, such as --cpu-prof. */
  readonly nodeFlags?: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the log goes, to stay. A folder that goes with the operator by default. */
  readonly directory?: string;
}

export class OperatorProcess {
  readonly #options: OperatorProcessOptions;
  readonly #home: OwnDirectory;
  #run: ProgramRun | undefined;

  private constructor(options: OperatorProcessOptions, home: OwnDirectory) {
    this.#options = options;
    this.#home = home;
  }

  /** Back when its controllers run. Throws ProgramError. */
  static async start(options: OperatorProcessOptions): Promise<OperatorProcess> {
    const operator = new OperatorProcess(options, await ownDirectory(options.directory));
    await operator.restart();
    return operator;
  }

  get pid(): number {
    return this.#run?.pid ?? 0;
  }

  get running(): boolean {
    return this.#run?.running ?? false;
  }

  /** All that it has said, over all its lives. */
  get log(): string {
    return this.#run === undefined ? '' : readFileSync(this.#run.logFile, 'utf8');
  }

  /** Starts it again, after killing it where it runs. */
  async restart({ waits = true }: { readonly waits?: boolean } = {}): Promise<void> {
    await this.kill();
    const { kubeconfig, nats, flags = [], nodeFlags = [], env = {} } = this.#options;
    const before = this.log.length;
    this.#run = await ProgramRun.start({
      name: 'operator',
      program: process.execPath,
      args: [
        QUIET,
        ...nodeFlags,
        MAIN,
        `--kubeconfig=${kubeconfig}`,
        `--nats=${nats}`,
        '--health-host=127.0.0.1',
        '--health-port=0',
        ...flags,
      ],
      directory: this.#home.path,
      env: { ...process.env, ...env },
    });
    const works = async () => this.log.slice(before).includes('"message":"Informers synced"');
    if (waits) await this.#run.until(works, 'its informers to sync');
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#run?.kill();
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** SIGTERM; gives its exit code. */
  async terminate(): Promise<number | string | undefined> {
    if (this.running) this.signal('SIGTERM');
    return this.#run?.ended;
  }

  /** Where it serves health and metrics. */
  get healthUrl(): string {
    const ports = [...this.log.matchAll(/"port":(\d+),"message":"Serving health/g)];
    return `http://127.0.0.1:${ports.at(-1)?.[1]}`;
  }

  async stop(): Promise<void> {
    await this.#run?.stop();
    await this.#home.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

export const startOperator = (options: OperatorProcessOptions): Promise<OperatorProcess> =>
  OperatorProcess.start(options);
