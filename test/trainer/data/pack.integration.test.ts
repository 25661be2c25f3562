// Packing: every picture that is one, small and once; the others counted; whole after a kill; refused where it was changed.
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import {
  type Batch,
  checkShard,
  loadDataset,
  openStore,
  packPhotographs,
  readManifest,
  storeSettings,
  trainingEpoch,
} from '../../../trainer/data/index.ts';
import type { Store } from '../../../trainer/data/stores/index.ts';
import { hasS3Server, startS3Server } from '../../builders/s3-server.ts';
import { hasTorchPython, runTorchPython } from '../../builders/torch-python.ts';
import { directoryWith } from './directories.ts';
import { serveFiles } from './file-server.ts';
import { load, OPTIONS, packed, photographs, shown, withoutPut } from './packings.ts';

test('every whole picture is there, small, with its label; the others are counted', async () => {
  const { to, summary } = await packed();
  expect(summary.classes).toEqual(['n00000000', 'n00000001']);
  expect(summary.parts.train).toMatchObject({
    pictures: 8,
    kinds: { leftOut: 2, grey: 1, cmyk: 1 },
  });
  expect(summary.parts.train.shards).toHaveLength(3);
  expect(summary.parts.test.pictures).toBe(2);
  const seen = await shown(to);
  expect(seen.map(([label]) => label)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  const expected = [0, 20, 80, 100, 120, 140, 160, 180];
  for (const [i, [, shade]] of seen.entries())
    expect(Math.abs(shade - expected[i]!)).toBeLessThan(17);
  const { train } = await load(to);
  expect(train.classes).toEqual(summary.classes);
});

test('what was left out is told with its path and reason', async () => {
  const told: string[] = [];
  await packed({
    onProgress: ({ leftOut }) =>
      told.push(...leftOut.map((one) => `${one.picture}: ${one.reason}`)),
  });
  expect(told.toSorted()).toEqual([
    expect.stringMatching(/train\/n00000000\/2\.JPEG: a file that begins like none of these/),
    // What libvips says of it depends on where it noticed.
    expect.stringMatching(/train\/n00000001\/3\.JPEG: \S/),
  ]);
});

test('a picture that is small already keeps its bytes', async () => {
  const { to, summary } = await packed({ side: 200 });
  const files = await photographs();
  const shard = await readFile(join(to, summary.parts.test.shards[0]!.name));
  expect(shard.includes(Buffer.from(files['val/n00000000/v0.JPEG']!))).toBe(true);
});

/** A store that is killed before its nth file is whole. */
const dying = (store: Store, at: number): Store => {
  let puts = 0;
  return {
    ...withoutPut(store),
    put: async (name, bytes) => {
      if (++puts === at) throw new Error('killed');
      await store.put?.(name, bytes);
    },
  };
};

/** libvips' words for what is wrong with a picture, which the indices hold, are not always the same. */
const withoutIndexSums = (summary: object) =>
  JSON.stringify(summary).replaceAll(/"indexSha256":"\w+"/g, '');

test('stopped before any of its writes, it goes on and ends as if it had not been', async () => {
  const { source, target, summary } = await packed();
  for (let at = 1; at <= 9; at++) {
    const again = openStore(await directoryWith({}), storeSettings({}));
    await expect(packPhotographs(source, dying(again, at), OPTIONS)).rejects.toThrow('killed');
    const reused: boolean[] = [];
    const onProgress = ({ isThere }: { isThere: boolean }) => reused.push(isThere);
    const resumed = await packPhotographs(source, again, { ...OPTIONS, onProgress });
    expect(withoutIndexSums(resumed)).toEqual(withoutIndexSums(summary));
    await load(again.title);
    expect(reused.filter(Boolean)).toHaveLength(Math.floor((at - 1) / 2));
    for (const { name } of summary.parts.train.shards)
      expect(await again.get(name)).toEqual(await target.get(name));
  }
});

test('a place that holds other shards is not packed over', async () => {
  const { source, target } = await packed();
  await expect(packPhotographs(source, target, { ...OPTIONS, side: 32 })).rejects.toThrow(
    /train-000000\.json: expected a shard of these pictures and settings, got another/,
  );
});

describe('the reader', () => {
  test.each<[string, (to: string) => Promise<unknown>, RegExp]>([
    [
      'a shard that grew',
      (to) => appendFile(join(to, 'train-000001.tar'), 'x'),
      /train-000001\.tar: expected \d+ bytes, got \d+/,
    ],
    [
      'a shard that is gone',
      (to) => rm(join(to, 'val-000000.tar')),
      /val-000000\.tar: .*no such file/,
    ],
    [
      'an index that was changed',
      async (to) => {
        const path = join(to, 'train-000000.json');
        const text = await readFile(path, 'utf8');
        await writeFile(
          path,
          text.replace('"labels":[0', '"labels":[1').replace('"labels":[1,0', '"labels":[0,0'),
        );
        await appendFile(path, ' ');
      },
      /train-000000\.json: expected sha256 .*, got/,
    ],
    [
      'a manifest of another kind',
      (to) => writeFile(join(to, 'manifest.json'), '{"kind": "other"}'),
      /manifest\.json: expected what `bionas data pack` writes, got other fields/,
    ],
    [
      'a count that is not the shards’',
      async (to) => {
        const path = join(to, 'manifest.json');
        await writeFile(
          path,
          (await readFile(path, 'utf8')).replace('"pictures":8', '"pictures":9'),
        );
      },
      /expected 9 pictures in the shards, got 8/,
    ],
  ])('refuses %s', async (_, spoil, message) => {
    const { to } = await packed();
    await spoil(to);
    await expect(load(to)).rejects.toThrow(message);
  });

  test('refuses other classes than are declared, and another count than ImageNet’s', async () => {
    const { to } = await packed();
    await expect(load(to, 3)).rejects.toThrow('expected 3 classes, got 2');
    const whole = loadDataset({ name: 'imagenet', path: to }, { cacheDir: '/nowhere' });
    await expect(whole).rejects.toThrow('expected 1000 classes, got 2');
  });

  test('notices a byte that changed, when it reads it', async () => {
    const { to, target } = await packed();
    const { train: shards } = (await readManifest(target)).parts;
    const path = join(to, 'train-000000.tar');
    const bytes = await readFile(path);
    bytes[700] = (bytes[700] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { train } = await load(to);
    const reading = async () => {
      for await (const _ of prepareBatches(
        trainingEpoch(train, undefined, { batchSize: 2, seed: 1, epoch: 0 }),
      ));
    };
    await expect(reading()).rejects.toThrow(
      /train-000000\.tar \(picture \d\): expected the bytes that were packed/,
    );
    await expect(checkShard(target, shards.shards[0]!)).rejects.toThrow(/expected sha256/);
    await checkShard(target, shards.shards[1]!);
  });
});

async function batchesOf(path: string, stores = storeSettings({})): Promise<Batch[]> {
  const { train } = await loadDataset(
    { name: 'imagenet', path, classes: 2 },
    { cacheDir: '/nowhere', stores },
  );
  const all: Batch[] = [];
  const plan = trainingEpoch(train, undefined, { batchSize: 3, seed: 1, epoch: 2 });
  for await (const batch of prepareBatches(plan, { stores })) all.push(batch);
  return all;
}

test('a web server that lists nothing will do, with the same batches', async () => {
  const { to } = await packed();
  const { base } = await serveFiles(to, (request, response) => {
    if (request.url?.endsWith('/') !== true) return false;
    response.writeHead(403).end();
    return true;
  });
  expect(await batchesOf(base)).toEqual(await batchesOf(to));
});

test.runIf(hasS3Server)(
  'a bucket is packed into and read from, with the same batches',
  async () => {
    await using server = await startS3Server('shards');
    const { source, to } = await packed();
    const place = 's3://shards/imagenet/48';
    await packPhotographs(source, openStore(place, server.settings), OPTIONS);
    expect(await readManifest(openStore(place, server.settings))).toMatchObject({ side: 48 });
    expect(await batchesOf(place, server.settings)).toEqual(await batchesOf(to));
  },
);

test.runIf(hasTorchPython)(
  'the shards are tar archives of WebDataset’s kind to others',
  async () => {
    const { to, summary } = await packed();
    const script = `
import sys, io, tarfile
from PIL import Image
names = []
with tarfile.open(sys.argv[1]) as tar:
    for member in tar:
        data = tar.extractfile(member).read()
        names.append(member.name)
        if member.name.endswith(".jpg"): assert min(Image.open(io.BytesIO(data)).convert("RGB").size) == 48
        else: assert data.decode() in ("0", "1")
print(len(names))
`;
    const [shard] = summary.parts.train.shards;
    await runTorchPython(['-c', script, join(to, shard!.name)]);
  },
);
