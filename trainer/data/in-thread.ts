// Prepares each batch when it is asked for, in the caller's thread: for tests and tiny data.
import type { BatchStream } from './batch-stream.ts';
import { type PreparationOptions, prepareBatches } from './batches.ts';
import type { Batch, EpochPlan } from './epoch.ts';

export function createInThreadStream(options: PreparationOptions = {}): BatchStream {
  async function* prepared(plan: EpochPlan, signal?: AbortSignal): AsyncGenerator<Batch> {
    for await (const batch of prepareBatches(plan, options)) {
      signal?.throwIfAborted();
      yield batch;
    }
  }
  return { batches: prepared, close: async () => {} };
}
