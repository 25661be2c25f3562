// Files in NATS' object store: back as they were, the newest version only, and never in the way of training.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Nats } from '../../../scripts/cluster/index.ts';
import { NatsGaveUpError, openNats } from '../../../trainer/nats/index.ts';
import { writeAtomically } from '../../../trainer/training/index.ts';
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
  const { keeper } = openNats({
    url: nats.url,
    subject: 'bionas.default.night.uid',
    bucket,
    attempt,
    log: (line) => void log.push(line),
    signal,
    patienceMs,
  });
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

test.each([0, 1, 128 * 1024, 3 * MEGABYTE + 17])(
  'a file of %i bytes comes back in another directory as it was',
  async (size) => {
    const content = randomBytes(size);
    const first = await makeTrainer();
    await writeFile(first.path, content);
    expect(await first.keeper.keep(first.path)).toBe(`nats://${bucket}/uid/checkpoint.safetensors`);
    const second = await makeTrainer({ attempt: 1 });
    await second.keeper.restore(second.path);
    expect((await readFile(second.path)).equals(content)).toBe(true);
  },
);

test('what is there already is not overwritten, and what was never kept is not made', async () => {
  const first = await makeTrainer();
  await writeFile(first.path, 'old');
  await first.keeper.keep(first.path);
  const second = await makeTrainer({ attempt: 1 });
  await writeFile(second.path, 'own');
  await second.keeper.restore(second.path);
  expect(await readFile(second.path, 'utf8')).toBe('own');
  bucket = 'bionas_other';
  const third = await makeTrainer({ attempt: 1 });
  await third.keeper.restore(third.path);
  await expect(readFile(third.path)).rejects.toThrow('ENOENT');
});

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

test('readers see one version whole, while others are kept', async () => {
  const { keeper, path } = await makeTrainer();
  let isDone = false;
  const writer = (async () => {
    for (let version = 0; version < 30; version += 1) {
      await writeAtomically(path, Buffer.alloc(MEGABYTE / 2, version));
      await keeper.keep(path);
      await delay(50);
    }
    isDone = true;
  })();
  const seen = new Set<number>();
  while (!isDone) {
    const reader = await makeTrainer({ attempt: 1 });
    await reader.keeper.restore(reader.path);
    const content = await readFile(reader.path).catch(() => undefined);
    if (content === undefined) continue;
    expect(content.length).toBe(MEGABYTE / 2);
    expect(new Set(content).size).toBe(1);
    seen.add(content[0] ?? -1);
  }
  await writer;
  expect(seen.size).toBeGreaterThan(1);
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
