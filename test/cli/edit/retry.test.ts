// `bionas retry`: failed trials of a run that are to be proposed again, and what is refused.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { tryAgain } from '../../../cli/edit/try-again.ts';
import type { FoundSearch } from '../../../cli/place/index.ts';
import { localPlace } from '../../../cli/place/local.ts';
import { takeEdits } from '../../../cli/run-directory/index.ts';
import { ObjectStore } from '../../../operator/adapters/local/index.ts';
import { isTrialRecord, SEARCHES } from '../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { leaveNight, night } from '../../builders/night-run.ts';
import type { Left } from '../../builders/run-directory.ts';
import { makeCompletedSearch, makeFailedRecord, makeSearch } from '../../builders/search-result.ts';
import { verb, verbIo } from '../../builders/verbs.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

/** Night before its final stage. */
function searching({ status = {}, spec = {} } = {}): Left {
  const { search, records = [], ...left } = night();
  const phase = { phase: 'Searching', conditions: [], final: [], ...status };
  return {
    ...left,
    search: {
      ...search,
      spec: { ...search.spec, ...spec },
      status: { ...search.status, ...phase } as NonNullable<typeof search.status>,
    },
    records: records.filter((each) => isTrialRecord(each) && each.purpose === 'Search'),
  };
}

const retry = (folder: string, ...args: string[]) =>
  verb(addEditCommands, folder, ['retry', 'night', ...args]);
const wantedIn = async (folder: string) => {
  const file = join(folder, 'runs/night/objects/bionassearches.bionas.dev/default/night.json');
  return JSON.parse(await readFile(file, 'utf8')).spec.retry.trials;
};

test.each([['3'], ['night-0003'], ['--failed']])(
  'a failed trial is wanted again: %s',
  async (word) => {
    const folder = await leaveNight(searching());
    expect((await retry(folder, word)).out).toEqual([
      'night: 1 trial is to be tried again: night-0003',
    ]);
    expect(await wantedIn(folder)).toEqual([3]);
  },
);

test('beside those that are wanted already, each once', async () => {
  const folder = await leaveNight(searching());
  await retry(folder, '3');
  expect((await retry(folder, '--failed')).out).toEqual([
    'night: no trial has failed that is not being tried again',
  ]);
  await expect(retry(folder, '3')).rejects.toThrow(
    'night-0003: expected a failed trial, but it is to be tried again already',
  );
});

test('where the budget has no room, how to make it is told', async () => {
  const spec = { budget: { ...night().search.spec.budget, trials: 5 } };
  const { out } = await retry(await leaveNight(searching({ spec })), '3');
  expect(out[0]).toMatch(/; budget.trials 5 has 0 left: bionas budget night --trials 6 makes room/);
});

test('places for which others have waited before are not counted twice', async () => {
  const records = [...(searching().records ?? []), makeFailedRecord(6, 'a bad node')];
  const spec = { budget: { ...night().search.spec.budget, trials: 6 } };
  const folder = await leaveNight({ ...searching({ spec }), records });
  expect((await retry(folder, '3')).out).toEqual([
    'night: 1 trial is to be tried again: night-0003',
  ]);
  expect((await retry(folder, '6')).out[0]).toMatch(
    /; budget.trials 6 has 1 left, for which 1 waited before: bionas budget night --trials 7/,
  );
});

test.each([
  ['0', /night-0000: expected a failed trial, but it has succeeded/],
  ['4', /night-0004: expected a failed trial, but it runs/],
  ['77', /77: expected a trial of search night/],
])('trial %s is refused', async (word, why) => {
  await expect(retry(await leaveNight(searching()), word)).rejects.toThrow(why);
});

test('one that another trial tries already is refused with its name', async () => {
  const again = makeFailedRecord(6, 'once more');
  const variation = 'tries trial 3 again';
  const records = [...(searching().records ?? []), { ...again, parent: 3, variation }];
  const folder = await leaveNight({ ...searching(), records });
  await expect(retry(folder, '3')).rejects.toThrow(/tried again already, by night-0006/);
  await retry(folder, '6');
  expect(await wantedIn(folder)).toEqual([6]);
});

test('without a trial, and of a search that has ended, it says what to do', async () => {
  await expect(retry(await leaveNight(searching()))).rejects.toThrow(
    /or --failed for all of them, got none/,
  );
  const ended = await leaveNight({ search: makeCompletedSearch() });
  await expect(retry(ended, '--failed')).rejects.toThrow(
    /it has ended .* not tried again; begin another/,
  );
});

test.each([
  ['that trains its networks', night()],
  ['that was suspended', night({ search: makeSearch({ phase: 'Suspended' }) })],
  ['that has not begun to', searching({ status: { phase: 'Finalizing' } })],
])('in a final stage %s nothing is tried, and it says so', async (_, left) => {
  const folder = await leaveNight(left);
  for (const word of ['3', 'final-0', '--failed'])
    await expect(retry(folder, word)).rejects.toThrow(
      /^night: it is in its final stage, .* starts no more search trials; begin another/,
    );
  expect(await wantedIn(folder)).toBeUndefined();
});

test('what was tried by now is off the list, so that it does not fill up', async () => {
  const variation = 'tries trial 3 again';
  const again = { ...makeFailedRecord(6, 'once more'), parent: 3, variation };
  const records = [...(searching().records ?? []), again];
  const trials = [3, 4, ...Array.from({ length: 998 }, (_, k) => k + 100)];
  const spec = { retry: { ...night().search.spec.retry, trials } };
  const folder = await leaveNight({ ...searching({ spec }), records });
  await retry(folder, '6');
  expect(await wantedIn(folder)).toEqual([...trials.slice(1), 6]);
});

const FULL = /^night: expected at most 1000 trials on spec\.retry\.trials, of which 1000 wait/;
test.each([
  ['no more room', 1000, ['--failed'], FULL],
  ['no more room', 1000, ['3'], FULL],
  ['room for one of two', 999, ['3', '6'], /of which 999 wait there for a place: name fewer/],
])('where the list has %s, that is said: %i, %j', async (_, waiting, words, why) => {
  await expect(retry(await leaveCrowded(waiting), ...words)).rejects.toThrow(why);
});

test('of all that failed as many are taken as the list holds', async () => {
  const folder = await leaveCrowded(999);
  expect((await retry(folder, '--failed')).out[0]).toMatch(
    /1 trial is to be tried again: night-0003; the list has no room for 1 more: run it again once/,
  );
  expect(await wantedIn(folder)).toHaveLength(1000);
});

/** So many wait for a place, and 3 and 6 have failed. */
function leaveCrowded(waiting: number): Promise<string> {
  const records = [...(searching().records ?? []), makeFailedRecord(6, 'a bad node')];
  const trials = Array.from({ length: waiting }, (_, k) => k + 100);
  const spec = { retry: { ...night().search.spec.retry, trials } };
  return leaveNight({ ...searching({ spec }), records });
}

test('two who wish at once both have their wish', async () => {
  const records = [...(searching().records ?? []), makeFailedRecord(6, 'a bad node')];
  const folder = await leaveNight({ ...searching(), records });
  const root = join(folder, 'runs/night');
  await writeFile(join(root, 'lock'), '1');
  const isRun = { isAlive: () => true };
  const both = ['3', '6'].map((trial) =>
    verb(addEditCommands, folder, ['retry', 'night', trial], isRun),
  );
  // Both have looked by then, and neither has written.
  await eventually(async () => expect(await editsIn(root)).toHaveLength(2), 30_000);
  const ended = Promise.all(both).finally(() => run.abort());
  const run = new AbortController();
  await takeUp(root, run.signal);
  expect((await ended).map(({ out }) => out[0])).toEqual([
    'night: 1 trial is to be tried again: night-0003',
    'night: 1 trial is to be tried again: night-0006',
  ]);
  expect((await wantedIn(folder)).toSorted()).toEqual([3, 6]);
});

const editsIn = async (root: string) =>
  (await readdir(join(root, 'edits')).catch(() => [])).filter((file) => file.endsWith('.json'));

/** As a run under way does. */
async function takeUp(root: string, signal: AbortSignal): Promise<void> {
  const store = await ObjectStore.open({
    directory: join(root, 'objects'),
    kinds: [{ kind: SEARCHES, keep: 'disk' }],
    clock: systemClock,
    newUid: () => '',
    logger: silentLogger,
  });
  while (!signal.aborted) {
    expect(await takeEdits(root, store.of(SEARCHES), night().search)).toEqual([]);
    await systemClock.sleep(10, signal).catch(() => undefined);
  }
}

test('where definitions are older than the field, nothing is tried, and it says what to do', async () => {
  const folder = await leaveNight(searching());
  const local = localPlace(verbIo(folder, { out: [], err: [] }));
  const found = await local.open('night');
  // As an API server answers a patch of fields that it does not know.
  const pruning: FoundSearch = {
    ...found,
    again: async () => pruning,
    edit: async () => found.search,
  };
  const trying = tryAgain(pruning, { trials: ['3'], failed: false }, { err: () => undefined });
  await expect(trying).rejects.toThrow(
    /^night: expected spec\.retry\.trials to be stored, .* upgrade bionas-crds first/,
  );
});
