// Files in NATS' object store: what all keepers promise, and what an outage, a full store and a lost one come to.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { metaSubject } from '../../../crds/index.ts';
import type { Nats } from '../../../scripts/cluster/index.ts';
import { ShelfKeeper } from '../../../trainer/keeping/index.ts';
import { NatsGaveUpError, openNats } from '../../../trainer/nats/index.ts';
import { NatsShelf } from '../../../trainer/nats/nats-shelf.ts';
import { Persistence } from '../../../trainer/nats/persistence.ts';
import { writeAtomically } from '../../../trainer/training/index.ts';
import { keeperCases } from '../../cases/keeper.cases.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { startOwnNats } from './own-nats.ts';

const MEGABYTE = 1024 * 1024;
let nats: Nats;
let connection: NatsConnection;
let bucket: string;
let number = 0;

beforeAll(async () => {
  ({ nats, connection } = await startOwnNats());
});
afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});
beforeEach(() => {
  bucket = `bionas_search-${number++}`;
});

/** A trainer's directory and its keeper. */
async function makeTrainer({
  attempt = 0,
  patienceMs = 30_000,
  signal = new AbortController().signal,
} = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'keeper-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const log: string[] = [];
  const { keeper: keeping } = openNats({
    url: nats.url,
    subject: 'bionas.default.night.uid',
    bucket,
    attempt,
    log: (line) => void log.push(line),
    signal,
    patienceMs,
  });
  const keeper = keeping(2);
  const path = join(directory, 'checkpoint.safetensors');
  return { keeper, path, log };
}

/** The server, and the test's own connection to it. */
async function back(how = { keepDisk: true }): Promise<void> {
  await nats.restart(how);
  await eventually(() => connection.flush(), 20_000);
}

async function bucketBytes(): Promise<number> {
  const { streams } = await jetstreamManager(connection);
  return (await streams.info(`OBJ_${bucket}`)).state.bytes;
}

const inStore = async (): Promise<Uint8Array | null> =>
  (await new Objm(connection).open(bucket)).getBlob('uid/checkpoint.safetensors');

describe('all that a keeper promises', () => {
  keeperCases(
    async () => {
      const own = `bionas_place-${number++}`;
      let published = 0;
      const count = () => published++;
      return {
        makeTrainer: async ({ attempt, keep, killedAfter = Infinity }) => {
          const { path, log } = await makeTrainer();
          const stop = new AbortController();
          const from = published;
          const mortal = publishing(connection, () => {
            if (count() - from < killedAfter) return;
            stop.abort();
            throw new Error('killed');
          });
          const say = (line: string) => void log.push(line);
          const about = { log: say, signal: stop.signal, patienceMs: 30_000 };
          const persistence = new Persistence({ ...about, connection: Promise.resolve(mortal) });
          const at = { bucket: own, trial: 'uid', keep, attempt, makesBucket: true };
          const shelf = new NatsShelf({ ...about, ...at, persistence });
          return { keeper: new ShelfKeeper(shelf, say), path, log };
        },
        damage: (file, age) => flipBit(own, file, age),
        done: () => published,
      };
      // A damaged one is looked at three times, as it may be written just then.
    },
    15,
    4,
  );
});

/** The same connection; `before` is asked before each message that is to be kept. */
const publishing = (whole: NatsConnection, before: () => void): NatsConnection =>
  new Proxy(whole, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'request') return value.bind(target);
      return async (subject: string, ...rest: unknown[]) => {
        if (subject.startsWith('$O.')) before();
        return value.call(target, subject, ...rest);
      };
    },
  });

/** In the last chunk of a version. */
async function flipBit(of: string, file: string, age: number): Promise<void> {
  const { direct } = await jetstreamManager(connection);
  const lastOf = async (subject: string) =>
    (await direct.getMessage(`OBJ_${of}`, { last_by_subj: subject }))?.data ?? new Uint8Array();
  const meta = metaSubject({ bucket: of, trial: 'uid', file });
  const said = JSON.parse(Buffer.from(await lastOf(meta)).toString());
  const versions = [said, ...JSON.parse(said.metadata['bionas.dev/before'])];
  const { nuid, chunks } = versions[age];
  const subject = `$O.${of}.C.${nuid.replace('*', String(chunks - 1))}`;
  const chunk = Buffer.from(await lastOf(subject));
  chunk.writeUInt8(chunk.readUInt8(chunk.length - 3) ^ 16, chunk.length - 3);
  await jetstream(connection).publish(subject, chunk);
}

test('a new version takes the place of the last but one', async () => {
  const { keeper, path } = await makeTrainer();
  for (let version = 0; version < 5; version += 1) {
    await writeAtomically(path, Buffer.alloc(MEGABYTE, version));
    await keeper.keep(path);
  }
  expect((await inStore())?.every((byte) => byte === 4)).toBe(true);
  expect(await bucketBytes()).toBeLessThan(2.2 * MEGABYTE);
});

test('a smaller version is read as itself, also by the library of the object store', async () => {
  const { keeper, path } = await makeTrainer();
  const versions = [3, 2, 1, 4, 1, 1].map((megabytes) => randomBytes(megabytes * MEGABYTE + 5));
  for (const content of versions) {
    await writeAtomically(path, content);
    await keeper.keep(path);
    expect(Buffer.from((await inStore()) ?? []).equals(content)).toBe(true);
    const reader = await makeTrainer({ attempt: 1 });
    await reader.keeper.restore(reader.path);
    expect((await readFile(reader.path)).equals(content)).toBe(true);
  }
});

test('offers go up in the background; of those that come meanwhile only the last', async () => {
  const { keeper, path, log } = await makeTrainer();
  for (let version = 0; version < 50; version += 1) {
    await writeAtomically(path, Buffer.alloc(MEGABYTE, version));
    keeper.offer(path);
  }
  await keeper.keep(path);
  expect((await inStore())?.every((byte) => byte === 49)).toBe(true);
  expect(log).toEqual([]);
  const { streams } = await jetstreamManager(connection);
  const { last_seq: chunks } = (await streams.info(`OBJ_${bucket}`)).state;
  // A version is nine messages.
  expect(chunks).toBeLessThan(9 * 50);
});

describe('while NATS is away', () => {
  test('an offer fails by itself, and the next version makes up for it', async () => {
    const { keeper, path, log } = await makeTrainer();
    await writeAtomically(path, 'first');
    await keeper.keep(path);
    await nats.kill();
    await writeAtomically(path, 'second');
    keeper.offer(path);
    await eventually(() => expect(log.join()).toContain('not kept'));
    await back();
    await writeAtomically(path, 'third');
    await eventually(async () => {
      keeper.offer(path);
      expect(Buffer.from((await inStore()) ?? []).toString()).toBe('third');
    });
  });

  test('keeping waits for it', async () => {
    const { keeper, path } = await makeTrainer();
    await nats.kill();
    await writeAtomically(path, 'content');
    const kept = keeper.keep(path);
    await back();
    expect(await kept).toBe(`nats://${bucket}/uid/checkpoint.safetensors`);
  });

  test('a first attempt looks once and begins; a later one waits for what was kept', async () => {
    const kept = await makeTrainer();
    await writeAtomically(kept.path, 'content');
    await kept.keeper.keep(kept.path);
    await nats.kill();
    const first = await makeTrainer();
    const before = performance.now();
    await first.keeper.restore(first.path);
    expect(performance.now() - before).toBeLessThan(5_000);
    const later = await makeTrainer({ attempt: 1 });
    const restored = later.keeper.restore(later.path);
    await back();
    await restored;
    expect(await readFile(later.path, 'utf8')).toBe('content');
  });

  test('a trainer that is asked to end waits for nothing', async () => {
    const stop = new AbortController();
    const { keeper, path } = await makeTrainer({ attempt: 1, signal: stop.signal });
    await nats.kill();
    const restored = keeper.restore(path);
    await writeAtomically(`${path}.other`, 'content');
    stop.abort();
    await expect(restored).rejects.toThrow(NatsGaveUpError);
    const before = performance.now();
    expect(await keeper.keep(`${path}.other`)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(5_000);
    await back();
  });
});

test('a trainer about to end does not make the bucket of a deleted search anew', async () => {
  const stop = new AbortController();
  const { keeper, path } = await makeTrainer({ signal: stop.signal });
  await writeAtomically(path, 'first');
  await keeper.keep(path);
  const { streams } = await jetstreamManager(connection);
  await streams.delete(`OBJ_${bucket}`);
  stop.abort();
  await writeAtomically(path, 'second');
  expect(await keeper.keep(path)).toBeUndefined();
  await expect(streams.info(`OBJ_${bucket}`)).rejects.toThrow('stream not found');
});

test('a bucket whose disk was lost is made anew by a trainer that trains', async () => {
  const { keeper, path } = await makeTrainer();
  await writeAtomically(path, 'first');
  await keeper.keep(path);
  await back({ keepDisk: false });
  await writeAtomically(path, 'second');
  await keeper.keep(path);
  expect(Buffer.from((await inStore()) ?? []).toString()).toBe('second');
});

test('a store that refuses is given up after a few tries, and the place is not claimed', async () => {
  const { keeper, path, log } = await makeTrainer();
  await new Objm(connection).create(bucket, { max_bytes: 1000 });
  await writeAtomically(path, Buffer.alloc(MEGABYTE));
  expect(await keeper.keep(path)).toBeUndefined();
  expect(log.join('\n')).toContain('maximum bytes exceeded');
});
