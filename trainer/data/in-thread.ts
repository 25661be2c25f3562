// Prepares each batch when it is asked for, in the caller's thread: for tests and tiny data.
import type { BatchStream } from './batch-stream.ts';
import { prepareBatches } from './batches.ts';
import type { Batch, EpochPlan } from './epoch.ts';

async function* prepared(plan: EpochPlan, signal?: AbortSignal): AsyncGenerator<Batch> {
  for await (const batch of prepareBatches(plan)) {
    signal?.throwIfAborted();
    yield batch;
  }
}

export function createInThreadStream(): BatchStream {
  return { batches: prepared, close: async () => {} };
}
