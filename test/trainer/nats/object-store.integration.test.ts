// One file's versions in a bucket whose last one is damaged, or cannot even be found.
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bucketSettings, type KeptFile, metaSubject, versionOf } from '../../../crds/index.ts';
import type { Nats } from '../../../scripts/cluster/index.ts';
import {
  getObject,
  type ObjectPutting,
  putObject,
  TornObjectError,
} from '../../../trainer/nats/object-store.ts';
import { startOwnNats } from './own-nats.ts';

/** More than two chunks. */
const SIZE = 300_000;
let nats: Nats;
let connection: NatsConnection;
let kept: KeptFile;
let number = 0;

beforeAll(async () => {
  ({ nats, connection } = await startOwnNats());
});
afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});
beforeEach(async () => {
  kept = { bucket: `bionas_objects-${number++}`, trial: 'uid', file: 'checkpoint.safetensors' };
  const { streams } = await jetstreamManager(connection);
  await streams.add(bucketSettings(kept.bucket));
});

async function* whole(letter: string): AsyncGenerator<Buffer> {
  yield Buffer.alloc(SIZE, letter);
}

async function* torn(letter: string): AsyncGenerator<Buffer> {
  yield* whole(letter);
  throw new Error('torn');
}

const put = (content: AsyncIterable<Buffer>, how: ObjectPutting) =>
  putObject(connection, kept, content, how);

/** The letter of each, the newest first; a question mark for one that is not whole. */
async function versions(): Promise<string> {
  const letterOf = (age: number) =>
    getObject(connection, kept, { age }).then(
      (bytes) => Buffer.from(bytes ?? []).toString('utf8', 0, 1),
      (error) => {
        expect(error).toBeInstanceOf(TornObjectError);
        return '?';
      },
    );
  return (await Promise.all([0, 1, 2, 3].map(letterOf))).join('');
}

async function damageSlot(slot: number): Promise<void> {
  await jetstream(connection).publish(`$O.${kept.bucket}.C.${versionOf(kept, slot)}.0`, 'noise');
}

test.each([
  { keep: 2, slot: 0, damaged: '?b', replaced: 'eb', next: 'fe' },
  { keep: 3, slot: 2, damaged: '?ba', replaced: 'eba', next: 'feb' },
])('of $keep, one that replaces a damaged one leaves those before it', async (about) => {
  const { keep, slot, damaged, replaced, next } = about;
  for (const letter of 'abc') await put(whole(letter), { keep });
  await damageSlot(slot);
  expect(await versions()).toBe(damaged);
  for (let tries = 0; tries < 2; tries += 1) {
    await expect(put(torn('d'), { keep, replaces: true })).rejects.toThrow('torn');
    expect(await versions()).toBe(damaged);
  }
  await put(whole('e'), { keep, replaces: true });
  expect(await versions()).toBe(replaced);
  await put(whole('f'), { keep });
  expect(await versions()).toBe(next);
  const { streams } = await jetstreamManager(connection);
  const { bytes } = (await streams.info(`OBJ_${kept.bucket}`)).state;
  expect(bytes).toBeLessThan((keep + 0.2) * SIZE);
});

test('where there is room for another, one that replaces is written beside all', async () => {
  for (const letter of 'ab') await put(whole(letter), { keep: 3 });
  await expect(put(torn('c'), { keep: 3, replaces: true })).rejects.toThrow('torn');
  expect(await versions()).toBe('ba');
  await put(whole('d'), { keep: 3, replaces: true });
  expect(await versions()).toBe('da');
});

test('where what is said of a file cannot be read, the next version is kept all the same', async () => {
  for (const letter of 'ab') await put(whole(letter), { keep: 2 });
  await jetstream(connection).publish(metaSubject(kept), 'noise');
  expect(await versions()).toBe('????');
  await put(whole('c'), { keep: 2 });
  expect(await versions()).toBe('c');
});

test('who asked and has left is told nothing more', async () => {
  await put(whole('a'), {});
  const signal = AbortSignal.abort();
  await expect(getObject(connection, kept, { signal })).rejects.toThrow('aborted');
});
