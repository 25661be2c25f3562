// A signal that aborts when a source of news has told nothing for too long: a half-open connection says neither news nor end.
import type { Clock } from './clock.ts';

interface Watchdog {
  readonly signal: AbortSignal;
  /** There was news: the time counts anew. */
  heard(): void;
  /** Leaves no timer behind. */
  end(): void;
}

/** The signal aborts after `ms` (undefined: never) without news, or with `parent`. */
export function untilSilent(
  { clock, ms }: { readonly clock: Clock; readonly ms: number | undefined },
  parent: AbortSignal,
): Watchdog {
  if (ms === undefined) return { signal: parent, heard() {}, end() {} };
  const silent = new AbortController();
  const ended = new AbortController();
  let heardAt = clock.monotonic();
  const watch = async (): Promise<void> => {
    for (let left = ms; left > 0; left = heardAt + ms - clock.monotonic()) {
      await clock.sleep(left, ended.signal);
    }
    silent.abort();
  };
  watch().catch(() => {});
  return {
    signal: AbortSignal.any([parent, silent.signal]),
    heard: () => {
      heardAt = clock.monotonic();
    },
    end: () => ended.abort(),
  };
}
