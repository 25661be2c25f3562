// The latest events of the store, in order. A watcher reads by revision; one that fell out of the window must list again.
import { GoneError } from '../../runtime/index.ts';
import type { LiveObject } from './object-changes.ts';

export interface StoreEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** apiVersion and kind, as one text. */
  readonly kind: string;
  readonly object: LiveObject;
  /** Before a modification. */
  readonly previous?: LiveObject | undefined;
}

export class EventWindow {
  readonly #limit: number;
  readonly #events: StoreEvent[] = [];
  /** Events after this revision are all here. */
  #floor: number;
  #revision: number;
  #wake = Promise.withResolvers<void>();

  constructor(limit: number, revision: number) {
    this.#limit = limit;
    this.#floor = revision;
    this.#revision = revision;
  }

  /** Of the newest event: what a list shows is the state at this revision. */
  get revision(): number {
    return this.#revision;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
    this.#revision = event.revision;
    // Cut in chunks, so that an append costs O(1) on average.
    if (this.#events.length >= 2 * this.#limit) {
      const cut = this.#events.splice(0, this.#events.length - this.#limit);
      this.#floor = cut.at(-1)?.revision ?? this.#floor;
    }
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  /** @throws GoneError */
  after(revision: number): StoreEvent[] {
    if (!(revision >= this.#floor)) {
      throw new GoneError(
        `events after resourceVersion ${revision} are gone (oldest kept: ${this.#floor}); list again`,
      );
    }
    // Watchers are near the end, so look from there.
    let start = this.#events.length;
    while (start > 0 && (this.#events[start - 1]?.revision ?? 0) > revision) start -= 1;
    return this.#events.slice(start);
  }

  /** Batches of events after `revision`, as they come, until the signal aborts. @throws GoneError */
  async *follow(revision: number, signal: AbortSignal): AsyncGenerator<readonly StoreEvent[]> {
    let seen = revision;
    const stopped = Promise.withResolvers<void>();
    const stop = (): void => stopped.resolve();
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (!signal.aborted) {
        const next = this.#wake.promise;
        const events = this.after(seen);
        seen = events.at(-1)?.revision ?? seen;
        if (events.length > 0) yield events;
        else await Promise.race([next, stopped.promise]);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
