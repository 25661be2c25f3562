// Two queues to one reader: what must arrive goes first, what may be lost is lost when the reader is slow.

export class Lanes<T> {
  readonly #limit: number;
  readonly #first: T[] = [];
  readonly #second: T[] = [];
  #failure: { readonly error: unknown } | undefined;
  #news = Promise.withResolvers<void>();

  /** `limit` is of the second queue; whoever fills the first must bound it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  put(item: T): void {
    this.#first.push(item);
    this.#news.resolve();
  }

  /** Into the second queue; false where it is full. */
  offer(item: T): boolean {
    if (this.#second.length >= this.#limit) return false;
    this.#second.push(item);
    this.#news.resolve();
    return true;
  }

  /** The reader gets what is there, then the error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#news.resolve();
  }

  /** For one reader. Ends when the signal aborts. */
  async *take(signal: AbortSignal): AsyncGenerator<T> {
    const wake = () => this.#news.resolve();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const next = this.#first.shift() ?? this.#second.shift();
        if (next !== undefined) yield next;
        else if (this.#failure !== undefined) throw this.#failure.error;
        else {
          await this.#news.promise;
          this.#news = Promise.withResolvers();
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}
