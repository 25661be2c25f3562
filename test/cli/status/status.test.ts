// `bionas status`: searches in a line each, once or until they have ended.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { addStatusCommand } from '../../../cli/status/index.ts';
import type { BioNASSearch } from '../../../crds/index.ts';
import { ObjectFiles } from '../../../operator/adapters/local/index.ts';
import { SEARCHES } from '../../../operator/reconcilers/index.ts';
import { systemClock } from '../../../operator/runtime/index.ts';
import { leaveRunDirectory, makeFolder } from '../../builders/run-directory.ts';
import { condition, makeCompletedSearch, makeSearch, NOW } from '../../builders/search-result.ts';
import { type VerbIo, verb } from '../../builders/verbs.ts';

const clock = { ...systemClock, now: () => NOW, sleep: () => delay(1) };
const status = (folder: string, args: string[], io: Partial<VerbIo> = {}) =>
  verb(addStatusCommand, folder, ['status', ...args], { clock, ...io });

const searching = (succeeded: number): BioNASSearch =>
  makeSearch({
    phase: 'Searching',
    conditions: [condition('Ready', 'Searching', 'trials are under way')],
    trials: { proposed: 5, running: 2, succeeded, failed: 1 },
    deviceSeconds: 754,
  });

const failed = makeSearch({
  phase: 'Failed',
  completionTime: '2026-01-01T00:10:00Z',
  conditions: [condition('Failed', 'TooManyFailures', '6 trials have failed')],
});

async function folderWith(searches: Record<string, BioNASSearch>): Promise<string> {
  const folder = await makeFolder();
  for (const [name, search] of Object.entries(searches))
    await leaveRunDirectory(join(folder, 'runs', name), { search });
  return folder;
}

test('all runs are listed, with where they stand and why', async () => {
  const folder = await folderWith({ a: searching(2), b: makeCompletedSearch() });
  expect((await status(folder, [])).out).toEqual([
    'SEARCH   PHASE       REASON        TRIALS   RUNNING   FAILED   BEST      DEVICE-TIME   TIME',
    'runs/a   Searching   Searching     3/50     2         1        -         12m34s        1h00m',
    'runs/b   Completed   BudgetSpent   0/50     0         0        71.00 %   0s            30m00s',
  ]);
});

test('one is shown by its directory or its name', async () => {
  const folder = await folderWith({ a: searching(2), b: searching(2) });
  for (const name of ['a', 'runs/a', join(folder, 'runs', 'a')])
    expect((await status(folder, [name, '-o', 'csv'])).out[1]).toMatch(/^runs\/a,Searching,/);
});

test('nothing is there to be seen, and how to begin is told', async () => {
  const { out, err } = await status(await makeFolder(), []);
  expect(out).toHaveLength(1);
  expect(err).toEqual([expect.stringContaining('bionas run FILE begins one')]);
});

test('a line a change is printed until all have ended', async () => {
  const folder = await folderWith({ a: searching(2) });
  const states = [searching(2), searching(3), searching(3), makeCompletedSearch()];
  const sleep = async () => {
    const search = states.shift();
    if (search !== undefined) await rewrite(folder, search);
  };
  const { out, code } = await status(folder, ['a', '-w'], { clock: { ...clock, sleep } });
  expect(out.map((line) => line.split(/ +/)[3])).toEqual(['TRIALS', '3/50', '4/50', '0/50']);
  expect(code).toBe(0);
});

test('a search that failed ends the watch with exit code 1', async () => {
  expect(await status(await folderWith({ a: failed }), ['-w'])).toMatchObject({ code: 1 });
});

async function rewrite(folder: string, search: BioNASSearch): Promise<void> {
  const root = join(folder, 'runs', 'a');
  const { name, namespace = '', uid = '' } = search.metadata;
  const metadata = { name, namespace, uid, resourceVersion: '9', creationTimestamp: '' };
  await new ObjectFiles(join(root, 'objects')).write(
    SEARCHES,
    { namespace, name },
    { ...search, metadata },
  );
}
