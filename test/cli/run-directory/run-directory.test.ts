import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { DirectoryInUseError, takeRunDirectory } from '../../../cli/run-directory/run-directory.ts';

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

test.each(['lock', 'lock.takeover'])("a %s cut short by a crash is nobody's", async (file) => {
  await writeFile(join(root, 'lock'), '9');
  await writeFile(join(root, file), '');
  await (await take(22)).release();
  expect(await readdir(root)).toEqual([]);
});

const PIDS = [11, 12, 13, 14, 15, 16];

/** Takes at once by all of them; gives how many have got it. */
async function takenBy(pids: readonly number[]): Promise<number> {
  const outcomes = await Promise.allSettled(pids.map((pid) => take(pid, { alive: [...pids] })));
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DirectoryInUseError);
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

test('of many that come at once, one gets it', async () => {
  expect(await takenBy(PIDS)).toBe(1);
});

test('of many that find the lock of a process that was killed, one takes it over', async () => {
  // The race was lost in a tenth of the rounds.
  for (let round = 0; round < 100; round++) {
    await writeFile(join(root, 'lock'), '9');
    expect(await takenBy(PIDS)).toBe(1);
  }
});

test('a place where no directory can be is named, with what to do', async () => {
  await writeFile(join(root, 'file'), '');
  const options = { pid: 11, fresh: false, isAlive: () => false };
  await expect(takeRunDirectory(join(root, 'file', 'run'), options)).rejects.toThrow(
    /run: expected a directory that can be written to, got ENOTDIR.*; use another --dir/,
  );
});

test('a fresh start removes what an earlier run left, and nothing else', async () => {
  for (const file of ['ledger.jsonl', 'result.json', 'notes.txt'])
    await writeFile(join(root, file), '');
  await (await take(11, { fresh: true })).release();
  expect(await readdir(root)).toEqual(['notes.txt']);
});
