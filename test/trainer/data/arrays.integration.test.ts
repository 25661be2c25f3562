// Small pictures as NumPy's arrays in the place of standard files: written by NumPy itself where it is there, and by hand.
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readNpy } from '../../../trainer/data/formats/index.ts';
import { loadDataset } from '../../../trainer/data/index.ts';
import { hasTorchPython, runTorchPython } from '../../builders/torch-python.ts';
import { directoryWith } from './directories.ts';
import { inMemory } from './picture-sets.ts';

/** An array's file: version 1.0, C order. */
function npy(descr: string, shape: readonly number[], values: Uint8Array): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sides}), }`;
  const length = Math.ceil((header.length + 11) / 64) * 64 - 10;
  const begin = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 255, length >> 8]);
  return new Uint8Array(
    Buffer.concat([begin, Buffer.from(`${header.padEnd(length - 1)}\n`), values]),
  );
}

const images = (count: number) =>
  npy(
    '|u1',
    [count, 32, 32, 3],
    new Uint8Array(count * 3072).map((_, i) => i % 251),
  );
const labels = (...values: number[]) =>
  npy('<i8', [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
const npz = (count: number, ...values: number[]) =>
  zipSync({ 'images.npy': images(count), 'labels.npy': labels(...values) });
const load = (path: string) => loadDataset({ name: 'cifar10', path }, { cacheDir: '/nowhere' });

test('an .npz a part', async () => {
  const path = await directoryWith({ 'train.npz': npz(2, 3, 9), 'test.npz': npz(1, 0) });
  const { train, test: held } = await load(path);
  expect(train).toMatchObject({ name: 'cifar10 train', height: 32, channels: 3 });
  expect(inMemory(train).pictures.subarray(0, 3072)).toEqual(images(1).subarray(-3072));
  expect([[...train.labels], [...held.labels]]).toEqual([[3, 9], [0]]);
  expect(train.classes[9]).toBe('truck');
});

test('two .npy a part', async () => {
  const path = await directoryWith({
    'train-images.npy': images(2),
    'train-labels.npy': labels(1, 2),
    'val-images.npy': images(1),
    'val-labels.npy': npy('|u1', [1], Uint8Array.of(7)),
  });
  const { train, test: held } = await load(path);
  expect([[...train.labels], [...held.labels]]).toEqual([[1, 2], [7]]);
});

test.each<[string, Record<string, Uint8Array>, RegExp]>([
  [
    'pictures of another size',
    {
      'train.npz': zipSync({
        'images.npy': npy('|u1', [1, 2, 2, 3], new Uint8Array(12)),
        'labels.npy': labels(1),
      }),
    },
    /train\.npz: expected images, uint8, N x 32 x 32 x 3, got shape 1 x 2 x 2 x 3/,
  ],
  ['a label too many', { 'train.npz': npz(2, 1, 2, 3) }, /expected labels of shape 2, got shape 3/],
  [
    'a label of no class',
    { 'train.npz': npz(1, 10) },
    /expected labels from 0 to 9, got 10 at entry 0/,
  ],
  [
    'no labels',
    { 'train.npz': zipSync({ 'images.npy': images(1) }) },
    /expected labels of shape 1, got none/,
  ],
  ['no zip', { 'train.npz': images(1) }, /train\.npz: expected a whole \.npz file, got/],
  [
    'pickled objects',
    {
      'train.npz': zipSync({
        'images.npy': npy('|O', [1], new Uint8Array(8)),
        'labels.npy': labels(1),
      }),
    },
    /expected the header of an array of numbers, got/,
  ],
])('%s: refused', async (_, files, message) => {
  const path = await directoryWith({ 'test.npz': npz(1, 0), ...files });
  await expect(load(path)).rejects.toThrow(message);
});

describe('arrays of NumPy', () => {
  test.runIf(hasTorchPython)('are read as it wrote them', async () => {
    const path = await directoryWith({});
    const script = `
import sys, numpy as np
p = sys.argv[1]
for n in ("train", "test"):
    np.savez_compressed(f"{p}/{n}.npz", images=np.arange(3072 * 3, dtype=np.int64).reshape(3, 32, 32, 3).astype(np.uint8), labels=np.array([1, 2, 3]))
`;
    await runTorchPython(['-c', script, path]);
    const { train } = await load(path);
    expect([...train.labels]).toEqual([1, 2, 3]);
    expect(inMemory(train).pictures).toEqual(new Uint8Array(3072 * 3).map((__, i) => i % 256));
  });

  test.each([
    ['<i2', [1, 255, 255, 255], [-255, -1]],
    ['>i4', [0, 0, 1, 0], [256]],
    ['<u8', [7, 0, 0, 0, 0, 0, 0, 0], [7]],
  ])('of type %s', (descr, bytes, values) => {
    const array = readNpy('a-file', npy(descr, [values.length], Uint8Array.from(bytes)));
    expect([...array.values]).toEqual(values);
  });
});
