// Every wait has a deadline and a reason. Two forms: give up waiting, or ask the work to give up.
import type { Clock } from './clock.ts';

export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
}

export interface Deadline {
  readonly clock: Clock;
  readonly ms: number;
  /** What is waited for, for the message. */
  readonly reason: string;
  /** Ends the wait before the deadline, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

function exceeded({ ms, reason }: Deadline): DeadlineExceededError {
  return new DeadlineExceededError(`${reason}: not done within ${ms} ms`);
}

/** Made once: without a reason, each call would make an exception with a stack. */
const SETTLED = new Error('the work is done');

/** Settles as `work` does, or rejects with DeadlineExceededError; `work` itself goes on. */
export async function withinDeadline<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  const { clock, ms, signal } = deadline;
  const settled = new AbortController();
  const ended = signal ? AbortSignal.any([settled.signal, signal]) : settled.signal;
  const late = clock.sleep(ms, ended).then(() => {
    throw exceeded(deadline);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    settled.abort(SETTLED);
  }
}

/** Runs `work` with a signal that aborts at the deadline or with `parent`, and waits until `work` has really ended. */
export async function underDeadline<T>(
  deadline: Deadline,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const settled = new AbortController();
  const over = new AbortController();
  // Not AbortSignal.any: a parent that lives on would remember each signal that was ever derived from it.
  const stop = (): void => over.abort(parent.reason);
  if (parent.aborted) stop();
  else parent.addEventListener('abort', stop, { once: true });
  deadline.clock.sleep(deadline.ms, settled.signal).then(
    () => over.abort(exceeded(deadline)),
    () => {},
  );
  try {
    return await work(over.signal);
  } finally {
    parent.removeEventListener('abort', stop);
    settled.abort(SETTLED);
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
