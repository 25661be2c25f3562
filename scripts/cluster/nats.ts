// A nats-server with JetStream on a free port of the loopback, that tests may kill and start again.
import { rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '../../operator/adapters/local/index.ts';
import { type OwnDirectory, ownDirectory } from './directories.ts';
import { ProgramRun } from './program-run.ts';
import { natsServer } from './programs.ts';

const ANSWER_MS = 2000;

export interface NatsOptions {
  /** Where streams and log go, to stay. A folder that goes with the server by default. */
  readonly directory?: string;
  /** Lines of its configuration beside our own, in NATS' own format. */
  readonly configuration?: string;
}

export class Nats {
  readonly port: number;
  readonly url: string;
  readonly directory: string;
  readonly #home: OwnDirectory;
  readonly #program: string;
  #run: ProgramRun | undefined;

  private constructor(home: OwnDirectory, port: number, program: string) {
    this.#home = home;
    this.#program = program;
    this.port = port;
    this.url = `nats://127.0.0.1:${port}`;
    this.directory = home.path;
  }

  static async start({ directory, configuration = '' }: NatsOptions): Promise<Nats> {
    const program = await natsServer();
    const [port = 0] = await freePorts(1);
    const nats = new Nats(await ownDirectory(directory), port, program);
    const own = `listen: 127.0.0.1:${port}\njetstream { store_dir: ${JSON.stringify(nats.#store)} }\n`;
    await writeFile(nats.#configurationFile, `${own}${configuration}\n`, { mode: 0o600 });
    try {
      await nats.#start();
    } catch (error) {
      await nats.stop();
      throw error;
    }
    return nats;
  }

  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#run?.kill();
  }

  /** Starts it on its port, after killing it where it runs. `keepDisk: false` loses every stream. */
  async restart({ keepDisk }: { readonly keepDisk: boolean } = { keepDisk: true }): Promise<void> {
    await this.kill();
    if (!keepDisk) await rm(this.#store, { recursive: true, force: true });
    await this.#start();
  }

  /** Ends it, and removes the folder if it is our own. */
  async stop(): Promise<void> {
    await this.#run?.stop();
    this.#run = undefined;
    await this.#home.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #start(): Promise<void> {
    this.#run = await ProgramRun.start({
      name: 'nats-server',
      program: this.#program,
      args: ['--config', this.#configurationFile],
      directory: this.directory,
    });
    await this.#run.until(() => greetsWithJetStream(this.port), 'its greeting');
  }

  get #store(): string {
    return join(this.directory, 'jetstream');
  }

  get #configurationFile(): string {
    return join(this.directory, 'nats-server.conf');
  }
}

/** Starts one and waits until it is ready. Throws ProgramError. */
export async function startNats(options: NatsOptions = {}): Promise<Nats> {
  return Nats.start(options);
}

/** NATS says who it is to whoever connects. */
async function greetsWithJetStream(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: ANSWER_MS });
    const answer = (holds: boolean) => {
      socket.destroy();
      resolve(holds);
    };
    socket.once('data', (greeting) => answer(/^INFO .*"jetstream":true/.test(String(greeting))));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => answer(false));
  });
}
