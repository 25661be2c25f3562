// alignment.jsonl has one line an epoch that was measured, whatever an earlier attempt left.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { ALIGNMENT, recordAlignment } from '../../../trainer/training/alignment-journal.ts';
import { FIRST } from '../../../trainer/training/train.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alignment-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

const layers = [{ layer: 'conv1', gradientAngle: 30 }];

/** The loop after so many epochs, the last of which was measured unless told otherwise. */
const after = (epoch: number, measured = epoch) => ({
  ...FIRST,
  epoch,
  alignment: { epoch: measured, layers },
});

const epochs = async () =>
  (await readFile(join(directory, ALIGNMENT), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).epoch);

test('epochs stand in their order', async () => {
  for (const epoch of [0, 1, 2]) expect(await recordAlignment(directory, after(epoch))).toBe(true);
  expect(await epochs()).toEqual([0, 1, 2]);
});

test('an attempt that goes on from an earlier checkpoint writes the later epochs anew', async () => {
  for (const epoch of [1, 2, 3, 2]) await recordAlignment(directory, after(epoch));
  expect(await epochs()).toEqual([1, 2]);
});

test('a line that is no line is dropped', async () => {
  await writeFile(join(directory, ALIGNMENT), '{"epoch":1,"layers":[]}\n{"epo');
  await recordAlignment(directory, after(2));
  expect(await epochs()).toEqual([1, 2]);
});

test.each([
  ['in the middle of an epoch', { ...after(1), step: 3 }],
  ['after an epoch that was not measured', after(2, 1)],
  ['before anything was measured', FIRST],
])('nothing is written %s', async (_when, loop) => {
  expect(await recordAlignment(directory, loop)).toBe(false);
  await expect(readFile(join(directory, ALIGNMENT))).rejects.toThrow('ENOENT');
});
