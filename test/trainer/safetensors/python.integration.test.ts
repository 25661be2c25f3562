// The format's own Python package reads what we write, and we read what it writes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { hasTorchPython, runTorchPython } from '../../builders/torch-python.ts';

const tensors = {
  'conv1/weight': { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 5, 6) },
  labels: { dtype: 'int32', shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) },
  loss: { dtype: 'float32', shape: [], data: Float32Array.of(0.25) },
  pictures: { dtype: 'uint8', shape: [1, 3], data: Uint8Array.of(0, 127, 255) },
} as const;

const READ_AND_WRITE = `
import json, sys
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
ours, theirs = sys.argv[1:]
tensors = load_file(ours)
with safe_open(ours, 'np') as file: metadata = file.metadata()
save_file(tensors, theirs, metadata)
print(json.dumps({'metadata': metadata, **{n: [str(t.dtype), t.shape, t.tolist()] for n, t in tensors.items()}}))
`;

describe.runIf(hasTorchPython)('the safetensors package of Python', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bionas-safetensors-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('reads our file, and we read the one it writes', async () => {
    const ours = join(directory, 'ours');
    const theirs = join(directory, 'theirs');
    const metadata = { format: 'a note' };
    await writeFile(ours, encodeSafetensors({ tensors, metadata }));

    const seen = JSON.parse(await runTorchPython(['-c', READ_AND_WRITE, ours, theirs]));

    expect(seen).toEqual({
      metadata,
      'conv1/weight': [
        'float32',
        [2, 3],
        [
          [1, -2, 3.5],
          [0, 5, 6],
        ],
      ],
      labels: ['int32', [2], [-1, 2 ** 31 - 1]],
      loss: ['float32', [], 0.25],
      pictures: ['uint8', [1, 3], [[0, 127, 255]]],
    });
    expect(decodeSafetensors(await readFile(theirs), theirs)).toEqual({ tensors, metadata });
  });
});
