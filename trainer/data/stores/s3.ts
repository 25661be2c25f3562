// A store in a bucket of S3 or of a server that speaks its protocol. aws4fetch signs (Signature Version 4); fetch carries.
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { headersFor, sizeOf } from './http.ts';
import { request } from './request.ts';
import {
  type GetOptions,
  type S3Settings,
  type Store,
  type StoredEntry,
  StoreError,
  type StoreKind,
  type StoreSettings,
} from './store.ts';

export const s3Store: StoreKind = {
  takes: (place) => place.startsWith('s3://'),
  open: (place, settings) => new S3Store(place, settings),
};

class S3Store implements Store {
  readonly title: string;
  readonly grain = 2 ** 20;
  readonly #name: string;
  readonly #bucket: URL;
  readonly #prefix: string;
  readonly #settings: StoreSettings;
  readonly #client: AwsClient | undefined;

  constructor(place: string, settings: StoreSettings) {
    this.title = place.endsWith('/') ? place : `${place}/`;
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/(.*)$/.exec(this.title) ?? [];
    this.#name = bucket;
    this.#bucket = addressOf(bucket, settings.s3);
    this.#prefix = prefix;
    this.#settings = settings;
    const { accessKeyId, secretAccessKey, sessionToken, region } = settings.s3;
    if (accessKeyId === undefined || secretAccessKey === undefined) return;
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
    this.#client = new AwsClient({ ...keys, region, service: 's3', retries: 0 });
  }

  async list(folder: string, signal?: AbortSignal): Promise<readonly StoredEntry[]> {
    const prefix = this.#prefix + (folder === '' ? '' : `${folder}/`);
    const entries: StoredEntry[] = [];
    let token: string | undefined;
    do {
      const page = await this.#listPage(prefix, token, signal);
      entries.push(...page.entries);
      token = page.next;
    } while (token !== undefined);
    if (entries.length === 0)
      throw new StoreError(this.title + folder, {
        fault: 'missing',
        got: 'no object with that prefix',
      });
    return entries
      .filter(({ name }) => name !== '' && !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async get(name: string, { range, signal }: GetOptions = {}): Promise<Uint8Array> {
    if (range !== undefined && range.from === range.to) return new Uint8Array();
    const init = { headers: headersFor(range) };
    return (await this.#ask(name, init, { range, signal })).body;
  }

  size(name: string, signal?: AbortSignal): Promise<number | undefined> {
    return sizeOf(this.title + name, this.#ask(name, { method: 'HEAD' }, { signal }));
  }

  async put(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const sum = createHash('sha256').update(bytes).digest('hex');
    const headers = { 'x-amz-content-sha256': sum };
    await this.#ask(name, { method: 'PUT', headers, body: new Uint8Array(bytes) }, { signal });
  }

  async copy(from: string, to: string, signal?: AbortSignal): Promise<void> {
    const source = `/${this.#name}/${pathOf(this.#prefix + from)}`;
    const init = { method: 'PUT', headers: { 'x-amz-copy-source': source } };
    const { body } = await this.#ask(to, init, { signal });
    // It may fail after the answer has begun with 200.
    const code = codeOf(Buffer.from(body).toString('utf8'));
    if (code !== '')
      throw new StoreError(this.title + to, { fault: 'unreachable', got: `not copied: ${code}` });
  }

  /** One page of ListObjectsV2, of at most a thousand names. */
  async #listPage(prefix: string, token: string | undefined, signal: AbortSignal | undefined) {
    const address = new URL(this.#bucket);
    const query = { 'list-type': '2', delimiter: '/', 'encoding-type': 'url', prefix };
    for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
    if (token !== undefined) address.searchParams.set('continuation-token', token);
    const { body } = await this.#send(address, this.title, {}, { signal });
    const page = Buffer.from(body).toString('utf8');
    const isEncoded = inside(page, 'EncodingType')[0] === 'url';
    const named = (outer: string, inner: string, isFolder: boolean) =>
      inside(page, outer).flatMap((part) =>
        inside(part, inner).map((key) => ({
          name: (isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key)
            .slice(prefix.length)
            .replace(/\/$/, ''),
          isFolder,
        })),
      );
    return {
      entries: [...named('Contents', 'Key', false), ...named('CommonPrefixes', 'Prefix', true)],
      next: inside(page, 'NextContinuationToken')[0],
    };
  }

  #ask(name: string, init: RequestInit, options: GetOptions) {
    return this.#send(
      new URL(pathOf(this.#prefix + name), this.#bucket),
      this.title + name,
      init,
      options,
    );
  }

  #send(address: URL, where: string, given: RequestInit, { range, signal }: GetOptions) {
    // Credentials are for this host: what it redirects to is not followed.
    const init: RequestInit = { ...given, redirect: 'manual' };
    const make = async () =>
      this.#client ? this.#client.sign(address.href, init) : new Request(address, init);
    const sends = given.body instanceof Uint8Array ? given.body.length : 0;
    return request({ where, make, range, sends, signal, explain: codeOf }, this.#settings.patience);
  }
}

const pathOf = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

/** Ends in a slash. Buckets are hosts at Amazon's, and folders elsewhere and where their names have dots. */
function addressOf(bucket: string, { endpoint, region }: S3Settings): URL {
  if (endpoint !== undefined) return new URL(`${endpoint.replace(/\/*$/, '')}/${bucket}/`);
  const host = `s3.${region}.amazonaws.com`;
  return new URL(
    bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`,
  );
}

/** Texts of elements of that name. S3's answers have no attributes on those that are asked for. */
const inside = (xml: string, element: string): string[] =>
  Array.from(xml.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g')), ([, text = '']) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  );

/** NoSuchKey, SignatureDoesNotMatch and such. */
const codeOf = (body: string): string => inside(body, 'Code')[0] ?? '';
