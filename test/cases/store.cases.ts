// What every store of a data set's bytes promises, whatever it is made of. Called once a member.
import { beforeAll, expect, test } from 'vitest';
import { type Store, StoreError } from '../../trainer/data/stores/index.ts';
import type { Files } from '../trainer/data/directories.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length).map((_, i) => (i * 7) % 251);
const FILES: Files = {
  'manifest.json': bytes(40),
  'train/n01/one.JPEG': bytes(1000),
  'train/n01/two & three+four %20é.JPEG': bytes(3),
  'train/n02/four.JPEG': bytes(5),
  'train/.hidden': bytes(5),
  'val/all.tar': bytes(2_000_000),
  'val/none.tar': bytes(0),
};

/** `open` gives a store that holds these files and no others. */
export function storeCases(open: (files: Files) => Promise<Store>): void {
  let store: Store;
  beforeAll(async () => {
    store = await open(FILES);
  });

  test.each([
    [
      '',
      [
        ['manifest.json', false],
        ['train', true],
        ['val', true],
      ],
    ],
    [
      'train',
      [
        ['n01', true],
        ['n02', true],
      ],
    ],
    [
      'train/n01',
      [
        ['one.JPEG', false],
        ['two & three+four %20é.JPEG', false],
      ],
    ],
  ])('lists one folder at a time: "%s"', async (folder, expected) => {
    const listed = await store.list(folder);
    expect(listed.map(({ name, isFolder }) => [name, isFolder])).toEqual(expected);
  });

  test.each(Object.keys(FILES))('gives %s, and its size', async (name) => {
    expect(await store.get(name)).toEqual(FILES[name]);
    expect(await store.size(name)).toBe(FILES[name]!.length);
  });

  test.each([
    [0, 1],
    [999_999, 1_500_001],
    [1_999_999, 2_000_000],
    [5, 5],
  ])('gives bytes %i to %i alone', async (from, to) => {
    const got = await store.get('val/all.tar', { range: { from, to } });
    expect(got).toEqual(FILES['val/all.tar']!.subarray(from, to));
  });

  test.each([
    [1_999_990, 2_000_010],
    [2_000_001, 2_000_010],
  ])('says that a file ends before bytes %i to %i', async (from, to) => {
    const asking = store.get('val/all.tar', { range: { from, to } });
    await expect(asking).rejects.toThrow(StoreError);
    await expect(asking).rejects.toMatchObject({ fault: 'short' });
    await expect(asking).rejects.toThrow(/val\/all\.tar: .*put the whole file there/);
  });

  test('says that a file or folder is not there, and where', async () => {
    for (const ask of [() => store.get('val/absent'), () => store.list('absent')]) {
      await expect(ask()).rejects.toMatchObject({ name: 'StoreError', fault: 'missing' });
      await expect(ask()).rejects.toThrow(/absent/);
    }
    expect(await store.size('val/absent')).toBeUndefined();
  });

  test('an abort ends what is asked with its reason', async () => {
    const reason = new Error('enough');
    const asking = store.get('val/all.tar', { signal: AbortSignal.abort(reason) });
    await expect(asking).rejects.toBe(reason);
  });

  test('takes files where it takes any, over what lay there', async () => {
    if (store.put === undefined) return;
    await store.put('packed/new shard.tar', bytes(70_000));
    await store.put('packed/new shard.tar', bytes(60_000));
    expect(await store.get('packed/new shard.tar')).toEqual(bytes(60_000));
    expect((await store.list('packed')).map(({ name }) => name)).toEqual(['new shard.tar']);
  });
}
