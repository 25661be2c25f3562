// One search as it changes, for all who look at it at once: it is read again and again while somebody listens, and not otherwise.
import type { Problem, SearchChange } from '../../dashboard/api.ts';
import type { Clock } from '../../operator/runtime/index.ts';
import type { FoundSearch } from '../place/index.ts';
import { type KnownTrials, TrialReader } from '../trials/index.ts';
import { problemOf } from './problem.ts';
import { RowTable } from './row-table.ts';
import { searchRow } from './search-row.ts';

export interface FeedOptions {
  readonly clock: Clock;
  /** Between two looks. */
  readonly lookMs: number;
}

export interface Look {
  readonly found: FoundSearch;
  readonly known: KnownTrials;
  readonly table: RowTable;
}

/** By one listener. */
interface Heard {
  version: number;
  problem: Problem | undefined;
}

export class SearchFeed {
  readonly #options: FeedOptions;
  #found: FoundSearch;
  #reader = new TrialReader();
  #look: Look | undefined;
  #looking: Promise<Look> | undefined;
  #lookedAt = 0;
  #listeners = 0;
  #watching: Promise<void> | undefined;
  #problem: Problem | undefined;
  #news = Promise.withResolvers<void>();

  constructor(found: FoundSearch, options: FeedOptions) {
    this.#found = found;
    this.#options = options;
  }

  get listeners(): number {
    return this.#listeners;
  }

  /** As the search is by now, or was at most one look ago. */
  async latest(): Promise<Look> {
    const { clock, lookMs } = this.#options;
    const isFresh = clock.monotonic() - this.#lookedAt < lookMs;
    return isFresh && this.#look !== undefined ? this.#look : this.look();
  }

  /** As it is by now; several who ask at once are told the same. */
  look(): Promise<Look> {
    this.#looking ??= this.#readAgain().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** As what was done before this call has left it: a look under way may have read before that. */
  async lookAfter(): Promise<Look> {
    await this.#looking?.catch(() => undefined);
    return this.look();
  }

  async #readAgain(): Promise<Look> {
    const { clock } = this.#options;
    const found = await this.#found.again();
    const table = this.#tableOf(found);
    const known = await this.#reader.read(found);
    await table.prepare(known.trials, () => clock.sleep(0));
    const row = searchRow(found, { trials: known.objects, now: clock.now() });
    const isNew = table.take(row, known.trials) || this.#problem !== undefined;
    this.#problem = undefined;
    this.#found = found;
    this.#look = { found, known, table };
    this.#lookedAt = clock.monotonic();
    if (isNew) this.#tell();
    return this.#look;
  }

  /** Another search of the same name begins anew, behind all versions of this one. A server that starts later has later ones. */
  #tableOf(found: FoundSearch): RowTable {
    const before = this.#look?.table;
    const isSame = found.search.metadata.uid === this.#found.search.metadata.uid;
    if (before !== undefined && isSame) return before;
    this.#reader = new TrialReader();
    return new RowTable(found.search, (before?.version ?? this.#options.clock.now()) + 1);
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** What changes from a version on, several changes as one where the listener is slow; ends when the signal aborts, with all told. */
  async *changes(
    after: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<SearchChange | Problem> {
    this.#listeners += 1;
    this.#watching ??= this.#watch().finally(() => {
      this.#watching = undefined;
    });
    const wake = () => this.#tell();
    signal.addEventListener('abort', wake);
    try {
      const { table } = await this.latest();
      const heard: Heard = { version: after ?? table.version, problem: undefined };
      if (after === undefined && table.now !== undefined) yield table.now;
      for (;;) {
        const news = this.#news.promise;
        const next = this.#after(heard);
        if (next !== undefined) yield next;
        else if (signal.aborted) return;
        else await news;
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#listeners -= 1;
    }
  }

  /** What a listener has not heard yet. */
  #after(heard: Heard): SearchChange | Problem | undefined {
    const change = this.#look?.table.since(heard.version);
    if (change !== undefined) {
      heard.version = change.version;
      return change;
    }
    const problem = this.#problem === heard.problem ? undefined : this.#problem;
    heard.problem = this.#problem;
    return problem;
  }

  async #watch(): Promise<void> {
    const { clock, lookMs } = this.#options;
    while (this.#listeners > 0) {
      await clock.sleep(lookMs);
      await this.look().catch((error: unknown) => this.#tellProblem(error));
    }
  }

  #tellProblem(error: unknown): void {
    const { error: text } = problemOf(error).problem;
    if (this.#problem?.error === text) return;
    this.#problem = { error: text };
    this.#tell();
  }
}
