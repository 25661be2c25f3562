import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { encodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { removeTorn, writeAtomically } from '../../../trainer/training/atomic-file.ts';
import {
  CheckpointError,
  DamagedCheckpointError,
  loadCheckpoint,
  saveCheckpoint,
} from '../../../trainer/training/checkpoint.ts';
import { FIRST } from '../../../trainer/training/train.ts';
import { makeTensor } from '../../builders/tensors.ts';

let path = '';
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  path = join(directory, 'checkpoint.safetensors');
  onTestFinished(() => rm(directory, { recursive: true }));
});

const variables = { w: makeTensor([3, 2]), b: makeTensor([2], 2) };
const loop = {
  ...FIRST,
  epoch: 3,
  step: 7,
  running: { loss: 0.1 + 0.2, correct: 5, pictures: 64 },
};
const checkpoint = { variables, loop, identity: 'abc' };

test('a checkpoint comes back bit for bit', async () => {
  await saveCheckpoint(path, checkpoint);
  expect(await loadCheckpoint(path, 'abc')).toEqual(checkpoint);
});

test('no file is no checkpoint', async () => {
  expect(await loadCheckpoint(path, 'abc')).toBeUndefined();
});

test("another trial's checkpoint is refused, and the message says what to do", async () => {
  await saveCheckpoint(path, checkpoint);
  const loading = loadCheckpoint(path, 'xyz');
  await expect(loading).rejects.toThrow(CheckpointError);
  await expect(loading).rejects.toThrow(/expected identity xyz, got abc; remove it to start over/);
});

test.each<[string, () => Promise<unknown>]>([
  ['cut short', () => truncate(path, 100)],
  ['empty', () => truncate(path, 0)],
  ['other in one bit of a weight', () => flipBit(path)],
  ['without its hash', () => saved({ loop: JSON.stringify(loop) })],
  ['something else', () => writeFile(path, 'hello, this is no checkpoint at all')],
  ['without its loop', () => saved({})],
  ['with a loop that is no JSON', () => saved({ loop: '{' })],
  ['with a loop that cannot be', () => saved({ loop: JSON.stringify({ ...loop, epoch: -1 }) })],
])('a file that is %s is called damaged', async (_what, damage) => {
  await saveCheckpoint(path, checkpoint);
  await damage();
  const loading = loadCheckpoint(path, 'abc');
  await expect(loading).rejects.toThrow(DamagedCheckpointError);
  await expect(loading).rejects.toThrow(`${path} is damaged: `);
});

const flipBit = async (file: string) => {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 16, bytes.length - 3);
  await writeFile(file, bytes);
};

const saved = (metadata: Record<string, string>) =>
  writeFile(
    path,
    encodeSafetensors({ tensors: variables, metadata: { identity: 'abc', ...metadata } }),
  );

test('what a killed writer left is removed, and nothing else', async () => {
  await writeAtomically(path, 'whole');
  await writeFile(`${path}.8d3c.tmp`, 'half');
  await removeTorn(directory);
  expect(await readdir(directory)).toEqual(['checkpoint.safetensors']);
  expect(await readFile(path, 'utf8')).toBe('whole');
});
