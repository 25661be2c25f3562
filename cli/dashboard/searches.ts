// The searches of a place by the names that the page has for them, and the feed of each that is looked at.
import type { SearchList } from '../../dashboard/api.ts';
import type { Clock } from '../../operator/runtime/index.ts';
import {
  type FoundSearch,
  NoSuchSearchError,
  type SearchPlace,
  type UnreadableSearch,
} from '../place/index.ts';
import { isOver } from '../status/index.ts';
import { SearchFeed } from './feed.ts';
import { RefusedError } from './problem.ts';
import { keyOf, type SearchKey, searchRow } from './search-row.ts';

export interface SearchesOptions {
  readonly place: Pick<SearchPlace, 'kind' | 'searches'>;
  readonly clock: Clock;
}

interface KeptFeed {
  readonly feed: SearchFeed;
  usedAt: number;
}

/** A cluster is asked less often than a disk. */
const LOOK_MS = { local: 500, cluster: 2_000 } as const;
/** That nobody asks for any more is forgotten. */
const KEPT_MS = 120_000;

export class Searches {
  readonly #options: SearchesOptions;
  readonly #feeds = new Map<string, KeptFeed>();

  constructor(options: SearchesOptions) {
    this.#options = options;
  }

  get kind(): SearchPlace['kind'] {
    return this.#options.place.kind;
  }

  /** By namespace and name. */
  async list(): Promise<SearchList> {
    const now = this.#options.clock.now();
    const { found, unreadable } = await this.#all();
    const rows = found.map(async (each) => {
      // Only what runs has time left; a trial that cannot be read is told where the search is looked at, and hides no other search.
      const trials = isOver(each.search) ? [] : await each.trials().catch(() => []);
      return searchRow(each, { trials, now });
    });
    const searches = (await Promise.all(rows)).toSorted(
      (a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name),
    );
    return { searches, unreadable };
  }

  async #all() {
    const unreadable: UnreadableSearch[] = [];
    const found = await this.#options.place.searches((search) => unreadable.push(search));
    return { found, unreadable };
  }

  /** @throws NoSuchSearchError | RefusedError */
  async feed(key: SearchKey): Promise<SearchFeed> {
    const { clock, place } = this.#options;
    const now = clock.monotonic();
    this.#forget(now);
    const id = idOf(key);
    const kept = this.#feeds.get(id);
    if (kept !== undefined) {
      kept.usedAt = now;
      return kept.feed;
    }
    const found = await this.#find(key);
    // Another request may have made it meanwhile.
    const feed =
      this.#feeds.get(id)?.feed ?? new SearchFeed(found, { clock, lookMs: LOOK_MS[place.kind] });
    this.#feeds.set(id, { feed, usedAt: now });
    return feed;
  }

  /** Tells all who listen what there is by now: the last time, before the server ends. */
  async tellAll(): Promise<void> {
    const heard = [...this.#feeds.values()].filter(({ feed }) => feed.listeners > 0);
    await Promise.allSettled(heard.map(({ feed }) => feed.lookAfter()));
  }

  async #find(key: SearchKey): Promise<FoundSearch> {
    const { found: searches, unreadable } = await this.#all();
    const found = searches.find((each) => idOf(keyOf(each)) === idOf(key));
    if (found !== undefined) return found;
    const problem = unreadable.find((each) => idOf(each) === idOf(key))?.problem;
    if (problem !== undefined) throw new RefusedError(problem, { status: 422 });
    const names = searches.map((each) => idOf(keyOf(each)));
    const there =
      names.length === 0 ? 'there is none' : `there are ${names.slice(0, 10).join(', ')}`;
    throw new NoSuchSearchError(`${idOf(key)}: expected a search of this dashboard; ${there}`);
  }

  #forget(now: number): void {
    for (const [id, { feed, usedAt }] of this.#feeds)
      if (feed.listeners === 0 && now - usedAt > KEPT_MS) this.#feeds.delete(id);
  }
}

const idOf = ({ namespace, name }: SearchKey): string => `${namespace}/${name}`;
