// Prepares batches ahead, in a worker thread, while the step runs. Pictures are shared with the thread, finished
// buffers are moved to the caller, and no more than `depth` batches, and no more than `bytes`, wait: each one taken is a credit for one more.
import { Worker } from 'node:worker_threads';
import type { BatchStream } from './batch-stream.ts';
import type { PreparationOptions } from './batches.ts';
import { sharePictures } from './dataset.ts';
import { type Batch, checkPlan, type EpochPlan } from './epoch.ts';
import type { WorkerReply, WorkerRequest } from './worker.ts';

export interface PrefetchOptions extends PreparationOptions {
  /** Batches that may wait; default 4. */
  readonly depth?: number;
  /** Bytes of pictures that may wait, if it is more than one batch; default 512 MiB. */
  readonly bytes?: number;
  /** Longest wait for one batch in milliseconds; default 150,000, in which a store has made its tries. */
  readonly patience?: number;
}

/** The preparing thread failed, ended, or gave nothing in time. */
export class PrefetchError extends Error {
  override readonly name = 'PrefetchError';
}

type Outcome = Extract<WorkerReply, { kind: 'batch' | 'end' }> | { kind: 'failed'; error: unknown };

/** Outcomes of one iteration in order: those that wait, or the one who waits for them. */
class Mailbox {
  readonly #waiting: Outcome[] = [];
  #receiver: ((outcome: Outcome) => void) | undefined;

  put(outcome: Outcome): void {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver) receiver(outcome);
    else this.#waiting.push(outcome);
  }

  /** One taker at a time. */
  take(): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const ready = this.#waiting.shift();
    if (ready) resolve(ready);
    else this.#receiver = resolve;
    return promise;
  }
}

/** Starts the thread. Close the stream to end it; while no iteration is under way it keeps no process alive. */
export function createPrefetchStream(options: PrefetchOptions = {}): BatchStream {
  return new PrefetchStream(options);
}

class PrefetchStream implements BatchStream {
  readonly #depth: number;
  readonly #bytes: number;
  readonly #patience: number;
  readonly #worker: Worker;
  readonly #mailboxes = new Map<number, Mailbox>();
  #iterations = 0;
  #ended: PrefetchError | undefined;

  constructor({
    depth = 4,
    bytes = 512 * 2 ** 20,
    patience = 150_000,
    ...preparation
  }: PrefetchOptions) {
    this.#depth = depth;
    this.#bytes = bytes;
    this.#patience = patience;
    // The built package has worker.js beside prefetch.js.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
      workerData: preparation satisfies PreparationOptions,
    });
    this.#worker.on('message', (reply: WorkerReply) => this.#deliver(reply));
    this.#worker.on('error', (cause) => this.#end('the preparing thread failed', cause));
    this.#worker.on('exit', () => this.#end('the preparing thread has ended'));
    this.#worker.unref();
  }

  async *batches(plan: EpochPlan, signal?: AbortSignal): AsyncGenerator<Batch> {
    signal?.throwIfAborted();
    checkPlan(plan); // A plan that cannot be is refused here, where its author is.
    if (this.#ended) throw this.#ended;
    const iteration = this.#iterations++;
    const mailbox = this.#open(iteration);
    const abort = () => mailbox.put({ kind: 'failed', error: signal?.reason });
    signal?.addEventListener('abort', abort);
    try {
      this.#send({ kind: 'start', iteration, plan: { ...plan, set: sharePictures(plan.set) } });
      const credits = creditsFor(plan, this.#depth, this.#bytes);
      for (let i = 0; i < credits; i++) this.#send({ kind: 'credit', iteration });
      yield* this.#received(iteration, mailbox, signal);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#close(iteration);
    }
  }

  async close(): Promise<void> {
    this.#end('the stream was closed');
    await this.#worker.terminate();
  }

  async *#received(iteration: number, mailbox: Mailbox, signal?: AbortSignal) {
    for (;;) {
      const outcome = await this.#inTime(mailbox);
      signal?.throwIfAborted();
      if (outcome.kind === 'end') return;
      if (outcome.kind === 'failed') throw outcome.error;
      this.#send({ kind: 'credit', iteration });
      yield outcome.batch;
    }
  }

  async #inTime(mailbox: Mailbox): Promise<Outcome> {
    const timer = setTimeout(() => {
      const error = new PrefetchError(
        `the preparing thread: expected a batch within ${this.#patience / 1000} s, got none. ` +
          'The machine may be out of CPU: lower the number of trials that run at once; or the place of the pictures does not answer.',
      );
      mailbox.put({ kind: 'failed', error });
    }, this.#patience);
    try {
      return await mailbox.take();
    } finally {
      clearTimeout(timer);
    }
  }

  #open(iteration: number): Mailbox {
    const mailbox = new Mailbox();
    if (this.#mailboxes.size === 0) this.#worker.ref();
    this.#mailboxes.set(iteration, mailbox);
    return mailbox;
  }

  #close(iteration: number): void {
    this.#mailboxes.delete(iteration);
    if (this.#ended) return;
    this.#send({ kind: 'stop', iteration });
    if (this.#mailboxes.size === 0) this.#worker.unref();
  }

  #send(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }

  #deliver(reply: WorkerReply): void {
    const mailbox = this.#mailboxes.get(reply.iteration);
    if (reply.kind !== 'error') {
      mailbox?.put(reply);
      return;
    }
    const error = new PrefetchError(`the preparing thread: ${describe(reply.error)}`, {
      cause: reply.error,
    });
    mailbox?.put({ kind: 'failed', error });
  }

  #end(reason: string, cause?: unknown): void {
    const detail = cause === undefined ? '' : `: ${describe(cause)}`;
    this.#ended ??= new PrefetchError(`${reason}${detail}`, { cause });
    for (const mailbox of this.#mailboxes.values()) {
      mailbox.put({ kind: 'failed', error: this.#ended });
    }
  }
}

/** Batches that fit in so many bytes: one at least, `most` at most. */
function creditsFor({ set, batchSize, share }: EpochPlan, most: number, bytes: number): number {
  const pictures = Math.ceil(batchSize / (share?.world ?? 1));
  const batch = pictures * set.height * set.width * set.channels;
  return Math.max(1, Math.min(most, Math.floor(bytes / batch)));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
