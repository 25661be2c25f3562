// What the search of the site finds: the same function here, in the browser and in tests.
import MiniSearch, { type SearchResult } from 'minisearch';

/** A heading with what stands below it. */
export interface SearchEntry {
  readonly id: number;
  /** From the root of the site, with the place on the page. */
  readonly address: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}
export type Found = SearchResult & SearchEntry;

/** Pages that tell how things came to be rather than how they are. */
const HISTORY = /^(?:docs\/adr\/|CHANGELOG)/;

/** Finds entries that hold all words, or words that begin so, or nearly so; the best first. */
export function createSearch(entries: readonly SearchEntry[]): (words: string) => Found[] {
  const index = new MiniSearch<SearchEntry>({
    fields: ['page', 'heading', 'text'],
    storeFields: ['address', 'page', 'heading', 'text'],
  });
  index.addAll(entries);
  const options = {
    boost: { page: 2, heading: 3 },
    prefix: true,
    fuzzy: 0.15,
    combineWith: 'AND',
    boostDocument: (_: unknown, __: string, stored?: Record<string, unknown>) =>
      HISTORY.test(String(stored?.['address'])) ? 0.4 : 1,
  } as const;
  return (words) => index.search(words, options) as Found[];
}
