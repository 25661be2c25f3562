// The interface of whatever prepares batches. Members: in-thread.ts (at once, in the caller's thread) and
// prefetch.ts (ahead, in a thread of its own). Both yield the same batches; a shared suite holds them to it.
import type { Batch, EpochPlan } from './epoch.ts';

export interface BatchStream {
  /**
   * Iterates the plan's batches; each iteration starts anew. The batches' buffers belong to the receiver.
   * Throws RangeError for a plan that cannot be, PrefetchError, or the signal's reason when it is aborted.
   */
  batches(plan: EpochPlan, signal?: AbortSignal): AsyncIterable<Batch>;
  /** Ends iterations under way with PrefetchError and frees the thread, if any. */
  close(): Promise<void>;
}
