// Packed into Parquet: what others and we read there is what was packed; whole after a stop; not gone on with under other settings.
import { expect, test } from 'vitest';
import { openStore, packPhotographs, storeSettings } from '../../../trainer/data/index.ts';
import { hasPyarrow, runPyarrow } from '../../builders/pyarrow-python.ts';
import { directoryWith } from './directories.ts';
import { load, OPTIONS, packed, shown, withoutPut } from './packings.ts';

const PARQUET = { ...OPTIONS, format: 'parquet' } as const;
const NAMES = [0, 1, 2].map((i) => `data/train-0000${i}-of-00003.parquet`);

test('it has the same pictures, in the same order and with the same counts, as tar archives', async () => {
  const { to, summary } = await packed(PARQUET);
  const tar = await packed();
  for (const part of ['train', 'test'] as const) {
    const { shards, ...counts } = summary.parts[part];
    expect(counts).toEqual({
      pictures: tar.summary.parts[part].pictures,
      kinds: tar.summary.parts[part].kinds,
    });
    expect(shards.map(({ pictures }) => pictures)).toEqual(
      tar.summary.parts[part].shards.map(({ pictures }) => pictures),
    );
  }
  expect(summary.parts.train.shards.map(({ name }) => name)).toEqual(NAMES);
  expect(await shown(to)).toEqual(await shown(tar.to));
  expect((await load(to)).train.classes).toEqual(['n00000000', 'n00000001']);
});

test('stopped before any of its writes, it goes on and ends as if it had not been', async () => {
  const { source, target } = await packed(PARQUET);
  for (let at = 1; at <= 4; at++) {
    const again = openStore(await directoryWith({}), storeSettings({}));
    let puts = 0;
    const put = async (name: string, bytes: Uint8Array) => {
      if (++puts === at) throw new Error('killed');
      await again.put?.(name, bytes);
    };
    const packing = packPhotographs(source, { ...withoutPut(again), put }, PARQUET);
    await expect(packing).rejects.toThrow('killed');
    const reused: boolean[] = [];
    const onProgress = ({ isThere }: { isThere: boolean }) => reused.push(isThere);
    await packPhotographs(source, again, { ...PARQUET, onProgress });
    expect(reused.filter(Boolean)).toHaveLength(at - 1);
    for (const name of NAMES.slice(0, 1))
      expect(await again.get(name)).toEqual(await target.get(name));
    expect(await again.list('data')).toEqual(await target.list('data'));
  }
});

test('files of other settings, or of others, are not packed over', async () => {
  const { source, target } = await packed(PARQUET);
  await expect(packPhotographs(source, target, { ...PARQUET, quality: 50 })).rejects.toThrow(
    /data\/train-00000-of-00003\.parquet: expected a shard of these pictures and settings, got another/,
  );
});

const PYARROW = `
import sys, json, io
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
rows = table.to_pylist()
file = pq.ParquetFile(sys.argv[1])
features = json.loads(file.schema_arrow.metadata[b"huggingface"])["info"]["features"]
print(json.dumps(dict(
    types=[str(field.type) for field in table.schema],
    labels=[row["label"] for row in rows],
    paths=[row["image"]["path"] for row in rows],
    isJpeg=all(row["image"]["bytes"][:2] == b"\\xff\\xd8" for row in rows),
    features=features,
)))
`;

test.runIf(hasPyarrow)('pyarrow reads it as the datasets library writes it', async () => {
  const { to, source } = await packed({ ...PARQUET, shardPictures: 100 });
  const text = await runPyarrow(PYARROW, [`${to}/data/train-00000-of-00001.parquet`]);
  const { types, labels, paths, isJpeg, features } = JSON.parse(text);
  expect(types).toEqual(['struct<bytes: binary, path: string>', 'int64']);
  expect(labels.toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  expect(paths.every((path: string) => /^\d{9}\.jpg$/.test(path))).toBe(true);
  expect(isJpeg).toBe(true);
  expect(features).toEqual({
    image: { _type: 'Image' },
    label: { names: source.train.classes, _type: 'ClassLabel' },
  });
});
