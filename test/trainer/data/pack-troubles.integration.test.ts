// Packing where things go wrong, or are slow: what is read twice, what ends it, and that it ends at once when it is told to.
import { expect, test } from 'vitest';
import { openStore, packPhotographs, storeSettings } from '../../../trainer/data/index.ts';
import { type Store, StoreError } from '../../../trainer/data/stores/index.ts';
import { directoryWith } from './directories.ts';
import { serveFiles } from './file-server.ts';
import { load, OPTIONS, packed, photographs, shown, withoutPut } from './packings.ts';
import { FORMS, shades } from './photograph-shards.ts';

test('of Parquet each row group is read once, whatever the shards', async () => {
  const pictures = await shades(12);
  const from = await directoryWith(FORMS['parquet']!(pictures, pictures.slice(0, 3)));
  const { base, asked } = await serveFiles(from);
  const source = await load(base);
  const before = asked.length;
  const target = openStore(await directoryWith({}), storeSettings({}));
  const { parts } = await packPhotographs(source, target, { ...OPTIONS, shardPictures: 5 });
  expect([parts.train.pictures, parts.test.pictures]).toEqual([12, 3]);
  const readings = asked.slice(before);
  expect(readings.toSorted()).toEqual([...new Set(readings)].toSorted());
  const [files, groups] = [3, 8];
  expect(readings.filter((line) => line.includes('bytes='))).toHaveLength(files + groups);
  const seen = await shown(target.title);
  expect(seen.map(([, shade]) => shade)).toEqual(Array.from({ length: 12 }, (_, i) => 10 + 10 * i));
});

test('a shard without a picture ends the packing, and the reason is told', async () => {
  const files = await photographs();
  const bad = Object.fromEntries(Object.keys(files).map((name) => [name, new Uint8Array(9)]));
  const source = await load(await directoryWith(bad));
  const target = openStore(await directoryWith({}), storeSettings({}));
  await expect(packPhotographs(source, target, OPTIONS)).rejects.toThrow(
    /train shard 0: expected pictures, got none: all 4 were left out, the first, .*\.JPEG, for "a file that begins like/,
  );
  expect(await target.list('')).toEqual([]);
});

test('an abort ends a writing', async () => {
  const { source, target } = await packed();
  const stop = new AbortController();
  const signals: (AbortSignal | undefined)[] = [];
  const again: Store = {
    ...withoutPut(target),
    get: (name) => Promise.reject(new StoreError(name, { fault: 'missing', got: 'nothing yet' })),
    put: async (_name, _bytes, signal) => {
      signals.push(signal);
      stop.abort(new Error('enough'));
      signal?.throwIfAborted();
    },
  };
  const packing = packPhotographs(source, again, { ...OPTIONS, signal: stop.signal });
  await expect(packing).rejects.toThrow('enough');
  expect(signals).toEqual([stop.signal]);
});
