// `bionas retry`: failed trials of a run that are to be proposed again, and what is refused.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { leaveNight, night } from '../../builders/night-run.ts';
import { makeCompletedSearch, makeFailedRecord } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

const retry = (folder: string, ...args: string[]) =>
  verb(addEditCommands, folder, ['retry', 'night', ...args]);
const wantedIn = async (folder: string) => {
  const file = join(folder, 'runs/night/objects/bionassearches.bionas.dev/default/night.json');
  return JSON.parse(await readFile(file, 'utf8')).spec.retry.trials;
};

test.each([['3'], ['night-0003'], ['--failed']])(
  'a failed trial is wanted again: %s',
  async (word) => {
    const folder = await leaveNight();
    expect((await retry(folder, word)).out).toEqual([
      'night: 1 trial is to be tried again: night-0003',
    ]);
    expect(await wantedIn(folder)).toEqual([3]);
  },
);

test('beside those that are wanted already, each once', async () => {
  const folder = await leaveNight();
  await retry(folder, '3');
  expect((await retry(folder, '--failed')).out).toEqual([
    'night: no trial has failed that is not being tried again',
  ]);
  await expect(retry(folder, '3')).rejects.toThrow(
    'night-0003: expected a failed trial, but it is to be tried again already',
  );
});

test('where the budget has no room, how to make it is told', async () => {
  const { search } = night();
  const spec = { ...search.spec, budget: { ...search.spec.budget, trials: 5 } };
  const { out } = await retry(await leaveNight({ search: { ...search, spec } }), '3');
  expect(out[0]).toMatch(/; budget.trials 5 has 0 left: bionas budget night --trials 6 makes room/);
});

test.each([
  ['0', /night-0000: expected a failed trial, but it has succeeded/],
  ['4', /night-0004: expected a failed trial, but it runs/],
  ['final-0', /night-final-0: expected a failed trial, but it is of the final stage/],
  ['77', /77: expected a trial of search night/],
])('trial %s is refused', async (word, why) => {
  await expect(retry(await leaveNight(), word)).rejects.toThrow(why);
});

test('one that another trial tries already is refused with its name', async () => {
  const again = makeFailedRecord(6, 'once more');
  const variation = 'tries trial 3 again';
  const records = [...(night().records ?? []), { ...again, parent: 3, variation }];
  const folder = await leaveNight({ records });
  await expect(retry(folder, '3')).rejects.toThrow(/tried again already, by night-0006/);
  await retry(folder, '6');
  expect(await wantedIn(folder)).toEqual([6]);
});

test('without a trial, and of a search that has ended, it says what to do', async () => {
  await expect(retry(await leaveNight())).rejects.toThrow(/or --failed for all of them, got none/);
  const ended = await leaveNight({ search: makeCompletedSearch() });
  await expect(retry(ended, '--failed')).rejects.toThrow(
    /it has ended .* not tried again; begin another/,
  );
});
