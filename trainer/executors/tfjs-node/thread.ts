// The near end of the computing thread (worker.ts): starts it, sends a request at a time, ends it.
import { Worker } from 'node:worker_threads';
import { ExecutorError, type Tensor, type Tensors } from '../executor.ts';
import type { Loaded, WorkerData, WorkerReply, WorkerRequest } from './worker.ts';

/** Loading the package takes a second or two, a large graph some more. */
const START_DEADLINE_MS = 120_000;

interface Waiting {
  readonly doing: string;
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: ExecutorError) => void;
}

export class ComputingThread {
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #ended: ExecutorError | undefined;

  private constructor(data: WorkerData) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
      workerData: data,
      execArgv: [...process.execArgv, '--no-deprecation'], // of a package that Node has moved on from
    });
    this.#worker.on('message', (reply: WorkerReply) => this.#deliver(reply));
    this.#worker.on('error', (cause) => this.#end('failed', cause));
    this.#worker.on('exit', () => this.#end('has ended'));
  }

  /** @throws ExecutorError when the package or the SavedModel cannot be loaded */
  static async start(data: WorkerData): Promise<[ComputingThread, Loaded]> {
    const thread = new ComputingThread(data);
    const deadline = setTimeout(() => thread.#end('took too long to load'), START_DEADLINE_MS);
    try {
      const reply = await thread.#reply(`@tensorflow/${data.packageName} could not load the step`);
      if (reply.kind !== 'ready') throw new ExecutorError(`unexpected reply ${reply.kind}`);
      return [thread, reply.loaded];
    } catch (cause) {
      thread.end();
      throw cause;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** @param doing opens the error, e.g. "entry step" */
  async run(doing: string, { inputs, ...rest }: WorkerRequest): Promise<Tensors> {
    if (this.#ended !== undefined) throw this.#ended;
    const reply = this.#reply(doing);
    const copies = Object.entries(inputs).map(([name, tensor]) => [name, misaligned(tensor)]);
    const request: WorkerRequest = { ...rest, inputs: Object.fromEntries(copies) };
    const moved = Object.values(request.inputs).map(({ data }) => data.buffer as ArrayBuffer);
    this.#worker.postMessage(request, moved);
    const settled = await reply;
    return settled.kind === 'outputs' ? settled.outputs : {};
  }

  end(): void {
    this.#end('is closed');
  }

  /** While a reply is awaited, and only then, the thread keeps the process alive. */
  async #reply(doing: string): Promise<WorkerReply> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>();
    this.#waiting = { doing, resolve, reject };
    this.#worker.ref();
    try {
      return await promise;
    } finally {
      this.#waiting = undefined;
      this.#worker.unref();
    }
  }

  #deliver(reply: WorkerReply): void {
    const { doing = '', resolve, reject } = this.#waiting ?? {};
    if (reply.kind === 'error') reject?.(new ExecutorError(`${doing}: ${reply.message}`));
    else resolve?.(reply);
  }

  #end(how: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    const options = cause === undefined ? {} : { cause };
    const doing = this.#waiting === undefined ? '' : `${this.#waiting.doing}: `;
    this.#ended = new ExecutorError(`${doing}the thread of tfjs-node ${how}`, options);
    this.#waiting?.reject(this.#ended);
    void this.#worker.terminate();
  }
}

/**
 * A copy four bytes into its buffer. TensorFlow copies what does not start at a multiple of its alignment; an aligned
 * array it would keep, in a variable too, and release from a thread of its own, which JavaScript's memory does not bear.
 */
function misaligned({ dtype, shape, data }: Tensor): Tensor {
  const buffer = new ArrayBuffer(4 + data.byteLength);
  const [kind, length] = [VIEWS[dtype], data.length];
  const copy = new kind(buffer, 4, length);
  copy.set(data);
  return { dtype, shape, data: copy };
}

const VIEWS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;
