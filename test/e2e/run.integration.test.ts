// A whole search on this machine, as a user runs it, and everything that may happen to it on the way.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { TrialRecord } from '../../operator/reconcilers/index.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
/** Of `kill -9`, in ms after each start; a trial takes one to three seconds. */
const MOMENTS = [700, 2600, 1900, 4100, 3300];
const PATIENCE_MS = 60_000;
/** A trainer without a parent ends within 5 s, if it has a processor to do so. */
const ORPHAN_MS = 60_000;

const summary = (records: readonly TrialRecord[]) =>
  records.map(({ purpose, index, genotype, outcome, objectives }) => [
    purpose,
    index,
    genotype,
    outcome,
    objectives,
  ]);

/** Five search trials and one final one, none twice. */
function expectWhole(records: readonly TrialRecord[]): void {
  const indices = records.map(({ purpose, index }) => `${purpose} ${index}`).toSorted();
  expect(indices).toEqual(['Final 5', ...[0, 1, 2, 3, 4].map((index) => `Search ${index}`)]);
  expect(records.every(({ outcome }) => outcome === 'Trained')).toBe(true);
}

test.skipIf(!canRun)('killed again and again, a search ends as if it had not been', async () => {
  const straight = await LocalRun.make();
  const run = await straight.start();
  expect(await run.ended, run.output).toBe(0);
  const expected = await straight.records();
  expectWhole(expected);
  // Pods are timed finely enough to hold the training they did.
  for (const { deviceSeconds, result } of expected)
    expect(deviceSeconds - (result?.metrics.seconds ?? 0)).toBeGreaterThan(0);

  const killed = await LocalRun.make();
  for (const ms of MOMENTS) {
    const { child, ended } = await killed.start();
    await Promise.race([delay(ms), ended]);
    child.kill('SIGKILL');
    await ended;
  }
  const last = await killed.start();
  expect(await last.ended, last.output).toBe(0);
  expect(summary(await killed.records())).toEqual(summary(expected));
  await delay(100);
  expect(await killed.trainers()).toEqual([]);
});

test.skipIf(!canRun)('a search that is disturbed and interrupted goes on', async () => {
  const local = await LocalRun.make();
  const spec = { parallelism: 2 };
  const first = await local.start(spec);
  const [victim] = await untilTrainers(local, 2);
  // At once: a trial may be shorter than the start of another program.
  if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
  const second = await local.start(spec);
  await eventually(async () => {
    const again = (await local.trainers()).find(({ trial }) => trial === victim?.trial);
    expect(again?.attempt).toBe(1);
  }, PATIENCE_MS);
  expect(await second.ended).not.toBe(0);
  expect(second.output).toContain('runs this search');

  first.child.kill('SIGINT');
  expect(await first.ended).toBe(130);
  // As it was called, so that it can be pasted: nobody has it in PATH after a clone.
  expect(first.output).toMatch(/Resume with: \S+\/bin\/bionas run /);
  expect(await local.trainers()).toEqual([]);

  const changed = await local.start({ ...spec, seed: 2 });
  expect(await changed.ended).not.toBe(0);
  expect(changed.output).toContain('spec.seed');

  const third = await local.start(spec);
  expect(await third.ended, third.output).toBe(0);
  const records = await local.records();
  expectWhole(records);
  expect(records.find(({ name }) => name === victim?.trial)?.attempts).toBeGreaterThan(1);

  const fresh = await local.start({ ...spec, seed: 2 }, '--fresh');
  await untilTrainers(local, 2);
  expect((await local.records()).length).toBeLessThan(records.length);
  fresh.child.kill('SIGKILL');
  await fresh.ended;
  await eventually(async () => expect(await local.trainers()).toEqual([]), ORPHAN_MS);
});

async function untilTrainers(local: LocalRun, count: number) {
  return eventually(async () => {
    const trainers = await local.trainers();
    expect(trainers).toHaveLength(count);
    return trainers;
  }, PATIENCE_MS);
}
