// The preparing thread: it holds the iterations under way and prepares one batch for each credit that prefetch.ts
// sends. It starts nothing by itself, so its memory is bounded by the credits.
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type Batch, type EpochPlan, prepareBatches } from './batches.ts';

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

type Iterations = Map<number, Iterator<Batch>>;

function answer(port: MessagePort, iterations: Iterations, request: WorkerRequest): void {
  const { iteration } = request;
  switch (request.kind) {
    case 'start':
      iterations.set(iteration, prepareBatches(request.plan));
      return;
    case 'stop':
      iterations.delete(iteration);
      return;
    case 'credit':
      prepareNext(port, iterations, iteration);
  }
}

function prepareNext(port: MessagePort, iterations: Iterations, iteration: number): void {
  const next = iterations.get(iteration)?.next();
  if (next === undefined) return;
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

function serve(port: MessagePort): void {
  const iterations: Iterations = new Map();
  port.on('message', (request: WorkerRequest) => {
    try {
      answer(port, iterations, request);
    } catch (error) {
      iterations.delete(request.iteration);
      reply(port, { kind: 'error', iteration: request.iteration, error });
    }
  });
}

if (parentPort) serve(parentPort);
