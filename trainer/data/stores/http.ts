// A store on a web server: files by range requests, folders by the pages on which servers list them (nginx, Apache, Caddy, Python).
import { type Requested, request } from './request.ts';
import {
  type GetOptions,
  type Patience,
  type Store,
  type StoredEntry,
  StoreError,
  type StoreKind,
} from './store.ts';

export const httpStore: StoreKind = {
  takes: (place) => /^https?:\/\//.test(place),
  open: (place, { patience }) => new HttpStore(place, patience),
};

class HttpStore implements Store {
  readonly title: string;
  readonly grain = 2 ** 20;
  readonly #patience: Partial<Patience> | undefined;

  constructor(address: string, patience: Partial<Patience> | undefined) {
    this.title = address.endsWith('/') ? address : `${address}/`;
    this.#patience = patience;
  }

  async list(folder: string, signal?: AbortSignal): Promise<readonly StoredEntry[]> {
    const address = this.#addressOf(folder === '' ? '' : `${folder}/`);
    const { body, headers } = await this.#ask({
      where: address.href,
      make: () => new Request(address),
      signal,
    });
    const type = headers.get('content-type') ?? 'no type';
    if (!type.startsWith('text/html'))
      throw new StoreError(address.href, {
        fault: 'unable',
        got: `expected a page that lists the folder (text/html), got ${type}`,
      });
    return linksOf(Buffer.from(body).toString('utf8'), address);
  }

  async get(name: string, { range, signal }: GetOptions = {}): Promise<Uint8Array> {
    const address = this.#addressOf(name);
    if (range?.from === range?.to && range !== undefined) return new Uint8Array();
    const headers = headersFor(range);
    const make = () => new Request(address, { headers });
    return (await this.#ask({ where: address.href, make, range, signal })).body;
  }

  async size(name: string, signal?: AbortSignal): Promise<number | undefined> {
    const address = this.#addressOf(name);
    const make = () =>
      new Request(address, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
    return sizeOf(address.href, this.#ask({ where: address.href, make, signal }));
  }

  #ask(what: Requested) {
    return request(what, this.#patience);
  }

  #addressOf(name: string): URL {
    return new URL(name.split('/').map(encodeURIComponent).join('/'), this.title);
  }
}

/** Bytes as they lie there: of a range, fetch asks for that by itself, and a signature would not cover it twice. */
export const headersFor = (range: GetOptions['range']): Readonly<Record<string, string>> =>
  range === undefined
    ? { 'accept-encoding': 'identity' }
    : { range: `bytes=${range.from}-${range.to - 1}` };

/** What an answer to HEAD says of a file's size. */
export async function sizeOf(
  where: string,
  answer: Promise<{ readonly headers: Headers }>,
): Promise<number | undefined> {
  try {
    const said = (await answer).headers.get('content-length');
    if (said !== null && /^\d+$/.test(said)) return Number(said);
    throw new StoreError(where, {
      fault: 'unable',
      got: `expected to be told how long the file is (content-length), got ${said ?? 'nothing'}`,
    });
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'missing') return undefined;
    throw error;
  }
}

const LINK = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

/** Links of a page to what lies one step below it. */
function linksOf(html: string, page: URL): StoredEntry[] {
  const links = Array.from(html.matchAll(LINK), ([, double, single]) => double ?? single ?? '');
  const found = new Map<string, StoredEntry>();
  for (const entry of links.map((link) => entryOf(link.replaceAll('&amp;', '&'), page)))
    if (entry !== undefined) found.set(entry.name, entry);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined: it leads elsewhere. */
function entryOf(link: string, page: URL): StoredEntry | undefined {
  if (!URL.canParse(link, page.href)) return undefined;
  const { origin, pathname, search } = new URL(link, page);
  if (origin !== page.origin || search !== '' || !pathname.startsWith(page.pathname))
    return undefined;
  const [, text = '', slash] = /^([^/]*)(\/?)$/.exec(pathname.slice(page.pathname.length)) ?? [];
  const name = decoded(text);
  return name === '' || name.startsWith('.') ? undefined : { name, isFolder: slash === '/' };
}

/** Empty where it is no percent-encoded UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
