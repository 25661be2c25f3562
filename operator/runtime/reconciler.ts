// The contract of a reconciler, after controller-runtime's pkg/reconcile.
import type { ObjectKey } from './object.ts';
import type { Logger } from './observability.ts';

export interface ReconcileContext {
  /** Aborts at the reconcile deadline, or when the manager's patience at shutdown is over. Pass it on. */
  readonly signal: AbortSignal;
  /** Carries controller and key. */
  readonly logger: Logger;
}

/** `requeueAfter` in ms: look again then, although nothing may have happened. */
export interface ReconcileResult {
  readonly requeueAfter?: number | undefined;
}

/**
 * Brings the world closer to what one object asks for.
 *
 * It is told a key, not what happened: several events may be one call, and after a restart every object is called once.
 * So it reads the state, compares, acts on the difference, and is right when called again at any moment. It also gets
 * keys of objects that are gone. Calls for one key never overlap; different keys run side by side.
 *
 * What an outcome causes:
 * - `{}`: done. Called again on the next event. The key's backoff is forgotten.
 * - `{ requeueAfter }`: as done, and called again after that time even without an event.
 * - throws TerminalError: logged and counted, not retried. Called again on the next event.
 * - throws ConflictError: the state was stale. Retried with backoff, not logged as an error.
 * - throws anything else: logged, counted and retried with the key's exponential backoff.
 */
export interface Reconciler {
  reconcile(key: ObjectKey, context: ReconcileContext): Promise<ReconcileResult>;
}

/** Retrying cannot help until the object changes: a spec that makes no sense, a permission that is missing. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}
