// Fetching, as a story of servers that work and servers that do not. All of them are on 127.0.0.1.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchEntry } from '../../../trainer/data/fetch.ts';
import {
  CATALOG,
  FetchError,
  type FetchProgress,
  fetchDataset,
} from '../../../trainer/data/index.ts';
import {
  type Answer,
  type DatasetServer,
  FILES,
  hangingUp,
  makeEntry,
  refusing,
  serving,
  silent,
  stalling,
  startServer,
} from './dataset-servers.ts';

const patience = { connect: 300, idle: 300 };
const pictures = FILES['pictures.bin'];
const good = { 'pictures.bin': serving(pictures), 'labels.bin': serving(FILES['labels.bin']) };

let cacheDir: string;
let servers: DatasetServer[];
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'bionas-fetch-'));
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await rm(cacheDir, { recursive: true });
});

async function serve(answers: Readonly<Record<string, Answer>>): Promise<DatasetServer> {
  const server = await startServer(answers);
  servers.push(server);
  return server;
}

const inCache = () => readdir(join(cacheDir, 'mnist'));
const cached = (name: string) => readFile(join(cacheDir, 'mnist', name));

describe('a server that works', () => {
  test('fills the cache, reports on its way, and is not asked again', async () => {
    const server = await serve(good);
    const events: FetchProgress[] = [];
    const options = {
      cacheDir,
      patience,
      onProgress: (event: FetchProgress) => events.push(event),
    };

    const fetched = await fetchEntry(makeEntry(server.base), options);
    expect(fetched.source).toBe(server.base);
    expect(new Uint8Array(await cached('pictures.bin'))).toEqual(pictures);
    expect((await inCache()).toSorted()).toEqual(['fetched.json', 'labels.bin', 'pictures.bin']);
    expect(events[0]).toEqual({ kind: 'trying', source: server.base });
    expect(events).toContainEqual({
      kind: 'receiving',
      source: server.base,
      file: 'pictures.bin',
      received: pictures.length,
      total: pictures.length,
    });

    expect((await fetchEntry(makeEntry(server.base), options)).source).toBe('cache');
    expect(server.asked).toEqual(['pictures.bin', 'labels.bin']);
  });

  test('replaces a file that was damaged in the cache', async () => {
    const server = await serve(good);
    await fetchEntry(makeEntry(server.base), { cacheDir, patience });
    await writeFile(join(cacheDir, 'mnist', 'pictures.bin'), pictures.toReversed());
    const again = await fetchEntry(makeEntry(server.base), { cacheDir, patience });
    expect(again.source).toBe(server.base);
    expect(new Uint8Array(await cached('pictures.bin'))).toEqual(pictures);
  });
});

describe('a server that does not', () => {
  test.each<[string, Answer, RegExp]>([
    ['lacks the file', refusing, /pictures\.bin: answered 404 Not Found/],
    ['sends another file', serving(pictures.toReversed()), /sent a file with md5 \w+ in place of/],
    ['says nothing', silent, /an answer did not come within 0\.3 s/],
    ['stops in the middle', stalling(pictures), /more of the file did not come within 0\.3 s/],
    [
      'hangs up in the middle',
      hangingUp(pictures),
      /pictures\.bin: (other side closed|terminated)/,
    ],
  ])('%s: the error says so, and nothing stays in the cache', async (_, answer, reason) => {
    const server = await serve({ ...good, 'pictures.bin': answer });
    const fetching = fetchEntry(makeEntry(server.base), { cacheDir, patience });
    await expect(fetching).rejects.toThrow(FetchError);
    await expect(fetching).rejects.toThrow(reason);
    expect(await inCache()).toEqual([]);
  });

  test('is passed over for the next one', async () => {
    const [bad, fine] = [await serve({}), await serve(good)];
    const fetched = await fetchEntry(makeEntry(bad.base, fine.base), { cacheDir, patience });
    expect(fetched.source).toBe(fine.base);
  });

  test('when none works, all are listed in order, with the way by hand', async () => {
    const [bad, gone] = [await serve({}), await serve({})];
    await gone.close();
    servers.pop();
    const error: unknown = await fetchEntry(makeEntry(bad.base, gone.base), {
      cacheDir,
      patience,
    }).catch((failure: unknown) => failure);
    const directory = join(cacheDir, 'mnist');
    expect(error).toMatchObject({
      name: 'FetchError',
      attempts: [
        { source: `cache ${directory}`, reason: 'lacks pictures.bin, labels.bin' },
        { source: bad.base, reason: expect.stringContaining('404') },
        { source: gone.base, reason: expect.stringContaining('ECONNREFUSED') },
      ],
    });
    expect((error as Error).message).toContain(
      `download pictures.bin, labels.bin from ${gone.base} into ${directory}`,
    );
  });
});

describe('an abort', () => {
  test('ends a download with the signal’s reason and leaves nothing behind', async () => {
    const server = await serve({ ...good, 'pictures.bin': stalling(pictures) });
    const reason = new Error('interrupted');
    const abort = new AbortController();
    const fetching = fetchEntry(makeEntry(server.base), {
      cacheDir,
      signal: abort.signal,
      onProgress: (event) => event.kind === 'receiving' && abort.abort(reason),
    });
    await expect(fetching).rejects.toBe(reason);
    expect(await inCache()).toEqual([]);
  });
});

test('files that need an account: what to take from where, and that they are checked then', async () => {
  const fetching = () => fetchDataset('imagenet16-120', { cacheDir });
  await expect(fetching()).rejects.toThrow(FetchError);
  await expect(fetching()).rejects.toThrow(
    /lacks train_data_batch_1, .*val_data\n.*image-net\.org.*: gives its files to people with an account alone\nBy hand.*\n.*put train_data_batch_1 to _10 and val_data into .*imagenet16-120/,
  );
  for (const { name } of CATALOG['imagenet16-120'].files)
    await writeFile(join(cacheDir, 'imagenet16-120', name), 'another file');
  await expect(fetching()).rejects.toThrow(
    /train_data_batch_1 has md5 [0-9a-f]{32} in place of 27846dcaa50de8e21a7d1a35f30f0e91/,
  );
});
