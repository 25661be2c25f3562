// The preparing thread: it holds the iterations under way and prepares one batch for each credit that prefetch.ts
// sends. It starts nothing by itself, so its memory is bounded by the credits.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type PreparationOptions, prepareBatches } from './batches.ts';
import type { Batch, EpochPlan } from './epoch.ts';

/** To the thread. `iteration` tells iterations apart. */
export type WorkerRequest =
  | { readonly kind: 'start'; readonly iteration: number; readonly plan: EpochPlan }
  /** Room for one batch more. */
  | { readonly kind: 'credit'; readonly iteration: number }
  | { readonly kind: 'stop'; readonly iteration: number };

/** From the thread. A batch's buffers are moved, not copied. */
export type WorkerReply =
  | { readonly kind: 'batch'; readonly iteration: number; readonly batch: Batch }
  | { readonly kind: 'end'; readonly iteration: number }
  | { readonly kind: 'error'; readonly iteration: number; readonly error: unknown };

type Iterations = Map<number, AsyncIterator<Batch>>;

interface Thread {
  readonly port: MessagePort;
  readonly options: PreparationOptions;
  readonly iterations: Iterations;
}

async function answer(thread: Thread, request: WorkerRequest): Promise<void> {
  const { port, iterations, options } = thread;
  const { iteration } = request;
  try {
    if (request.kind === 'start') iterations.set(iteration, prepareBatches(request.plan, options));
    else if (request.kind === 'stop') iterations.delete(iteration);
    else await prepareNext(thread, iteration);
  } catch (error) {
    iterations.delete(iteration);
    reply(port, { kind: 'error', iteration, error });
  }
}

/** Credits that come meanwhile wait for their turn in the iterator. */
async function prepareNext({ port, iterations }: Thread, iteration: number): Promise<void> {
  const iterator = iterations.get(iteration);
  const next = await iterator?.next().catch((error: unknown) => {
    // At once: for the credits that wait behind this one, the iterator has ended.
    iterations.delete(iteration);
    throw error;
  });
  // Nobody waits any more, or the end is told already.
  if (next === undefined || !iterations.has(iteration)) return;
  if (next.done) {
    iterations.delete(iteration);
    reply(port, { kind: 'end', iteration });
    return;
  }
  const batch = next.value;
  const arrays = batch.keep
    ? [batch.pictures, batch.labels, batch.keep]
    : [batch.pictures, batch.labels];
  reply(
    port,
    { kind: 'batch', iteration, batch },
    arrays.map((array) => array.buffer as ArrayBuffer),
  );
}

function reply(port: MessagePort, message: WorkerReply, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}

function serve(port: MessagePort, options: PreparationOptions): void {
  const thread = { port, options, iterations: new Map() };
  port.on('message', (request: WorkerRequest) => void answer(thread, request));
}

if (parentPort) serve(parentPort, workerData as PreparationOptions);
