// Prepares each batch when it is asked for, in the caller's thread: for tests and tiny data.
import type { BatchStream } from './batch-stream.ts';
import { type Batch, type EpochPlan, prepareBatches } from './batches.ts';

async function* prepared(plan: EpochPlan, signal?: AbortSignal): AsyncGenerator<Batch> {
  for (const batch of prepareBatches(plan)) {
    signal?.throwIfAborted();
    yield batch;
  }
}

export function createInThreadStream(): BatchStream {
  return { batches: prepared, close: async () => {} };
}
