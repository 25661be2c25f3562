// Files in a bucket, on a real server: what all keepers promise, and what a bucket that refuses or is away comes to.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Trial } from '../../../crds/index.ts';
import type { StoreSettings } from '../../../trainer/data/index.ts';
import { keptBy } from '../../../trainer/keeping/index.ts';
import { S3Shelf } from '../../../trainer/keeping/s3-shelf.ts';
import { ShelfKeeper } from '../../../trainer/keeping/shelf-keeper.ts';
import { inPlace, writeAtomically } from '../../../trainer/training/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';
import { type MortalProxy, startMortalProxy } from '../../builders/mortal-proxy.ts';
import { hasS3Server, type S3Server, startS3Server } from '../../builders/s3-server.ts';
import { keeperCases } from '../../cases/keeper.cases.ts';

async function makePath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 's3-shelf-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'checkpoint.safetensors');
}

const at = (settings: StoreSettings, endpoint: string): StoreSettings => ({
  ...settings,
  s3: { ...settings.s3, endpoint },
});

describe.skipIf(!hasS3Server)('a bucket', () => {
  let server: S3Server;
  let number = 0;
  beforeAll(async () => {
    server = await startS3Server('checkpoints');
  });
  afterAll(() => server.close());

  keeperCases(async () => {
    const place = `s3://checkpoints/runs ${number++}`;
    const proxies: MortalProxy[] = [];
    return {
      makeTrainer: async ({ keep, killedAfter = Infinity }) => {
        const stop = new AbortController();
        const end = { killedAfter, onKill: () => stop.abort() };
        const proxy = await startMortalProxy(server.settings.s3.endpoint ?? '', end);
        onTestFinished(() => proxy.close());
        proxies.push(proxy);
        const log: string[] = [];
        const say = (line: string) => void log.push(line);
        const shelf = new S3Shelf({
          place,
          folder: 'night/night-0007-uid',
          keep,
          stores: at(server.settings, proxy.url),
          log: say,
          signal: stop.signal,
        });
        return { keeper: new ShelfKeeper(shelf, say), path: await makePath(), log };
      },
      damage: async (file, age) => {
        const folder = join(server.directory, place.slice('s3://'.length), 'night/night-0007-uid');
        const path = join(folder, age === 0 ? file : `${file}.${age}`);
        const bytes = await readFile(path);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 16, bytes.length - 3);
        await writeFile(path, bytes);
      },
      done: () => proxies.reduce((sum, proxy) => sum + proxy.done(), 0),
    };
  }, 12);

  function keeperIn(place: string, settings: StoreSettings, patienceMs?: number) {
    const log: string[] = [];
    const say = (line: string) => void log.push(line);
    const { signal } = new AbortController();
    const options = { place, folder: 'night/x', keep: 2, stores: settings, log: say, signal };
    const shelf = new S3Shelf({ ...options, ...(patienceMs === undefined ? {} : { patienceMs }) });
    return { keeper: new ShelfKeeper(shelf, say), log };
  }

  test.each<[string, string, (settings: StoreSettings) => StoreSettings, RegExp]>([
    [
      'is not there',
      's3://nowhere',
      (settings) => settings,
      /s3:\/\/nowhere\/\.bionas: .*NoSuchBucket/,
    ],
    [
      'does not let it in',
      's3://checkpoints',
      ({ s3, ...settings }) => ({ ...settings, s3: { ...s3, secretAccessKey: 'another' } }),
      /SignatureDoesNotMatch.*AWS_ACCESS_KEY_ID/,
    ],
  ])('a bucket that %s ends the trial before it trains', async (_what, place, change, message) => {
    const { keeper } = keeperIn(place, change(server.settings));
    await expect(keeper.restore(await makePath())).rejects.toThrow(message);
  });

  test('an outage is waited for, and one that lasts ends the trial', async () => {
    const away = at(server.settings, 'http://127.0.0.1:38');
    const { keeper, log } = keeperIn('s3://checkpoints', away, 2_000);
    await expect(keeper.restore(await makePath())).rejects.toThrow('ECONNREFUSED');
    expect(log.join('\n')).toContain('It is tried again.');
  });

  test('an outage costs an offer, and the next version makes up for it', async () => {
    const path = await makePath();
    await writeFile(path, 'first');
    const away = keeperIn('s3://checkpoints', at(server.settings, 'http://127.0.0.1:38'), 0);
    away.keeper.offer(path);
    expect(await away.keeper.keep(path)).toBeUndefined();
    expect(away.log.join('\n')).toContain('not kept: StoreError: s3://checkpoints/night/x/');
    const { keeper } = keeperIn('s3://checkpoints', server.settings);
    expect(await keeper.keep(path)).toBe('s3://checkpoints/night/x/checkpoint.safetensors');
  });
});

describe.skipIf(!hasS3Server)('an upload that fails again and again', () => {
  test.each<[string, RegExp, string]>([
    ['as it goes up', /^PUT checkpoint\.safetensors\.new$/, 'cba'],
    ['as the oldest makes room', /^COPY checkpoint\.safetensors\.2$/, 'cba'],
    ['as the last makes room', /^COPY checkpoint\.safetensors\.1$/, 'cbb'],
    ['as it takes its place', /^COPY checkpoint\.safetensors$/, 'ccb'],
  ])('%s leaves the versions before it', async (_when, refused, expected) => {
    await using server = await startS3Server('checkpoints');
    let isRefused = false;
    const refuses = ({ method, url = '', headers }: IncomingMessage) => {
      const verb = 'x-amz-copy-source' in headers ? 'COPY' : method;
      return isRefused && refused.test(`${verb} ${url.split('/').at(-1)}`);
    };
    const proxy = await startMortalProxy(server.settings.s3.endpoint ?? '', { refuses });
    onTestFinished(() => proxy.close());
    const log: string[] = [];
    const say = (line: string) => void log.push(line);
    const shelf = new S3Shelf({
      place: 's3://checkpoints',
      folder: 'x',
      keep: 3,
      stores: at(server.settings, proxy.url),
      log: say,
      signal: new AbortController().signal,
      patienceMs: 0,
    });
    const keeper = new ShelfKeeper(shelf, say);
    const path = await makePath();
    const keep = async (content: string) => {
      await writeAtomically(path, content);
      return keeper.keep(path);
    };
    const versions = async () => {
      const found = [0, 1, 2].map((age) => shelf.get('checkpoint.safetensors', age));
      return Buffer.concat((await Promise.all(found)).map((bytes) => bytes ?? Buffer.from('-')));
    };
    for (const content of 'abc') expect(await keep(content)).toBeDefined();
    isRefused = true;
    for (const content of 'defg') expect(await keep(content)).toBeUndefined();
    expect((await versions()).toString()).toBe(expected);
    isRefused = false;
    expect(await keep('h')).toBeDefined();
    expect((await versions()).toString()).toBe('hcb');
  });
});

describe('where the files of a trial are kept', () => {
  const options = {
    directory: '/tmp/pod',
    usual: () => inPlace,
    stores: { s3: { region: 'us-east-1' } },
    log: () => {},
    signal: new AbortController().signal,
  };
  const trial = (place?: string) =>
    Trial.parse({
      ...makeTrialManifest(place === undefined ? {} : { checkpoints: { place } }),
      metadata: { name: 'night-0007', uid: '1a2b' },
    });

  test.each([
    [undefined, '/tmp/pod', 'Object'],
    ['/checkpoints', '/checkpoints/night/night-0007-1a2b', 'Object'],
    ['/checkpoints/', '/checkpoints/night/night-0007-1a2b', 'Object'],
    ['s3://bucket', '/tmp/pod', 'ShelfKeeper'],
  ])('%s', (place, directory, kind) => {
    const kept = keptBy(trial(place), options);
    expect(kept.directory).toBe(directory);
    expect(kept.keeper.constructor.name).toBe(kind);
  });
});
