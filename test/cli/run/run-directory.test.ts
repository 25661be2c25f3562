import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { DirectoryInUseError, takeRunDirectory } from '../../../cli/run/run-directory.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'run-'));
  onTestFinished(() => rm(root, { recursive: true }));
});

const take = (pid: number, { alive = [] as number[], fresh = false } = {}) =>
  takeRunDirectory(root, { pid, fresh, isAlive: (other) => alive.includes(other) });

test('a directory that is taken is refused until it is released', async () => {
  const directory = await take(11);
  await expect(take(22, { alive: [11] })).rejects.toThrow('process 11 runs this search');
  await directory.release();
  await (await take(22)).release();
  expect(await readdir(root)).toEqual([]);
});

test('the lock of a process that was killed is taken over', async () => {
  await take(11);
  await expect(take(22)).resolves.toMatchObject({ root });
});

test('of many that come at once, one gets it', async () => {
  const pids = [11, 12, 13, 14, 15, 16];
  const outcomes = await Promise.allSettled(pids.map((pid) => take(pid, { alive: pids })));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DirectoryInUseError);
});

test('a fresh start removes what an earlier run left, and nothing else', async () => {
  for (const file of ['ledger.jsonl', 'result.json', 'notes.txt'])
    await writeFile(join(root, file), '');
  await (await take(11, { fresh: true })).release();
  expect(await readdir(root)).toEqual(['notes.txt']);
});
