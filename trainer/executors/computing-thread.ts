// The near end of a computing thread, for libraries that block whoever calls them: starts it, sends a request at a time, ends it.
// The far end is serve() of computing-thread-end.ts.
import { Worker } from 'node:worker_threads';
import type { ThreadReply } from './computing-thread-end.ts';
import { ExecutorError, type Tensors } from './executor.ts';

/** Loading a library takes a second or two, a large graph some more. */
const START_DEADLINE_MS = 120_000;

interface ThreadPlan {
  /** Of the thread's module without its suffix, beside the caller's: `new URL('./worker', import.meta.url)`. */
  readonly module: URL;
  /** Handed to the thread by structured clone. */
  readonly data: unknown;
  /** What computes there, as errors call it. */
  readonly name: string;
  readonly execArgv?: readonly string[];
}

interface Waiting<Loaded> {
  readonly doing: string;
  readonly resolve: (reply: ThreadReply<Loaded>) => void;
  readonly reject: (error: ExecutorError) => void;
}

export class ComputingThread<Request, Loaded = unknown> {
  readonly #worker: Worker;
  readonly #name: string;
  #waiting: Waiting<Loaded> | undefined;
  #ended: ExecutorError | undefined;

  private constructor({ module, data, name, execArgv = [] }: ThreadPlan) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#name = name;
    this.#worker = new Worker(new URL(`${module}.${extension}`), {
      workerData: data,
      execArgv: [...process.execArgv, ...execArgv],
    });
    this.#worker.on('message', (reply: ThreadReply<Loaded>) => this.#deliver(reply));
    this.#worker.on('error', (cause) => this.#end('failed', cause));
    this.#worker.on('exit', () => this.#end('has ended'));
  }

  /** @throws ExecutorError when the thread cannot load what it computes with */
  static async start<Request, Loaded>(
    plan: ThreadPlan,
  ): Promise<[ComputingThread<Request, Loaded>, Loaded]> {
    const thread = new ComputingThread<Request, Loaded>(plan);
    const deadline = setTimeout(() => thread.#end('took too long to load'), START_DEADLINE_MS);
    try {
      const reply = await thread.#reply(`${plan.name} could not load the step`);
      if (reply.kind !== 'ready') throw new ExecutorError(`unexpected reply ${reply.kind}`);
      return [thread, reply.loaded];
    } catch (cause) {
      thread.end();
      throw cause;
    } finally {
      clearTimeout(deadline);
    }
  }

  /**
   * @param doing opens the error, e.g. "entry step"
   * @param moved buffers of the request that the thread may keep: they are gone here
   */
  async run(doing: string, request: Request, moved: readonly ArrayBuffer[] = []): Promise<Tensors> {
    if (this.#ended !== undefined) throw this.#ended;
    const reply = this.#reply(doing);
    this.#worker.postMessage(request, moved);
    const settled = await reply;
    return settled.kind === 'outputs' ? settled.outputs : {};
  }

  end(): void {
    this.#end('is closed');
  }

  /** While a reply is awaited, and only then, the thread keeps the process alive. */
  async #reply(doing: string): Promise<ThreadReply<Loaded>> {
    const { promise, resolve, reject } = Promise.withResolvers<ThreadReply<Loaded>>();
    this.#waiting = { doing, resolve, reject };
    this.#worker.ref();
    try {
      return await promise;
    } finally {
      this.#waiting = undefined;
      this.#worker.unref();
    }
  }

  #deliver(reply: ThreadReply<Loaded>): void {
    const { doing = '', resolve, reject } = this.#waiting ?? {};
    if (reply.kind === 'error') reject?.(new ExecutorError(`${doing}: ${reply.message}`));
    else resolve?.(reply);
  }

  #end(how: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    const options = cause === undefined ? {} : { cause };
    const doing = this.#waiting === undefined ? '' : `${this.#waiting.doing}: `;
    this.#ended = new ExecutorError(`${doing}the thread of ${this.#name} ${how}`, options);
    this.#waiting?.reject(this.#ended);
    void this.#worker.terminate();
  }
}
