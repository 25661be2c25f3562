// What a request answered, for a view: asked again whenever what it asks for changes, and given up with the view.
import { useEffect, useState } from 'preact/hooks';

export interface Answer<T> {
  readonly value?: T;
  readonly problem?: string;
}

/** `ask` is called anew when `deps` change; what was there stays until the new answer comes. */
export function useAnswer<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  deps: readonly unknown[],
): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({});
  useEffect(() => {
    const leaving = new AbortController();
    ask(leaving.signal).then(
      (value) => leaving.signal.aborted || setAnswer({ value }),
      (cause: unknown) =>
        leaving.signal.aborted || setAnswer((before) => ({ ...before, problem: problemOf(cause) })),
    );
    return () => leaving.abort();
  }, deps);
  return answer;
}

export const problemOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

/** A number that grows every so many seconds while the page is in sight. */
export function useTick(seconds: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setTick((k) => k + 1), 1000 * seconds);
    return () => clearInterval(timer);
  }, [seconds]);
  return tick;
}
