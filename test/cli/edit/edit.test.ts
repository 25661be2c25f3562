// `bionas suspend`, `resume` and `budget` on a run that is not under way, and what the next `bionas run` makes of them.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { applySearch, editedFields } from '../../../cli/run/apply-search.ts';
import { BioNASSearch } from '../../../crds/index.ts';
import { ObjectStore } from '../../../operator/adapters/local/index.ts';
import { SEARCHES } from '../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { leaveNight, night } from '../../builders/night-run.ts';
import { makeFolder } from '../../builders/run-directory.ts';
import { makeCompletedSearch } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

const edit = (folder: string, ...args: string[]) => verb(addEditCommands, folder, args);
const specIn = async (folder: string) => {
  const file = join(folder, 'runs/night/objects/bionassearches.bionas.dev/default/night.json');
  return JSON.parse(await readFile(file, 'utf8')).spec;
};

test('suspended and resumed, and told where it is so already', async () => {
  const folder = await leaveNight();
  expect((await edit(folder, 'suspend', 'night')).out).toEqual([
    'night suspended: nothing starts, and what trains ends after its checkpoint',
  ]);
  expect(await specIn(folder)).toMatchObject({ suspend: true });
  expect((await edit(folder, 'suspend', 'night')).out).toEqual(['night is suspended already']);
  expect((await edit(folder, 'resume', 'night')).out).toEqual(['night resumed']);
  expect(await specIn(folder)).toMatchObject({ suspend: false });
});

test.each([
  [['--trials', '70'], 'night: trials 50 -> 70', { trials: 70, failedTrials: 5 }],
  [['--gpu-hours', '48'], 'night: gpuHours none -> 48', { gpuHours: 48 }],
  [
    ['--wall-clock', '1h30m', '--failed-trials', '0'],
    'night: wallClock none -> 1h30m, failedTrials 5 -> 0',
    { wallClock: '1h30m', failedTrials: 0 },
  ],
  [['--trials', '50'], 'night has this budget already', { trials: 50 }],
  [[], 'night: trials 50, failedTrials 5', { trials: 50 }],
])('budget %j', async (flags, said, budget) => {
  const folder = await leaveNight();
  expect((await edit(folder, 'budget', 'night', ...flags)).out).toEqual([said]);
  expect((await specIn(folder)).budget).toMatchObject(budget);
});

test('a budget as data has what is spent of it, before and after an edit', async () => {
  const folder = await leaveNight();
  const json = async (...flags: string[]) =>
    JSON.parse((await edit(folder, 'budget', 'night', '-o', 'json', ...flags)).out.join('\n'));
  const spent = { trials: 5, failedTrials: 1, deviceSeconds: 100 };
  expect(await json()).toMatchObject({ search: 'night', budget: { trials: 50 }, spent });
  expect(await json('--trials', '70')).toMatchObject({ budget: { trials: 70 }, spent });
});

test('a limit is taken away by 0 and none', async () => {
  const folder = await leaveNight();
  await edit(folder, 'budget', 'night', '--gpu-hours', '48', '--wall-clock', '1h');
  await edit(folder, 'budget', 'night', '--gpu-hours', '0', '--wall-clock', 'none');
  expect((await specIn(folder)).budget).toEqual({ trials: 50, failedTrials: 5 });
});

test.each([
  ['a duration that is none', ['--wall-clock', 'soon'], /--wall-clock: expected a duration/],
  ['fewer trials than final networks', ['--trials', '1'], /final.topK is at most budget.trials/],
])('%s is refused, and nothing is changed', async (_, flags, message) => {
  const { search } = night();
  const spec = { ...search.spec, final: { ...search.spec.final, topK: 3 } };
  const folder = await leaveNight({ search: { ...search, spec } });
  await expect(edit(folder, 'budget', 'night', ...flags)).rejects.toThrow(message);
  expect((await specIn(folder)).budget).toMatchObject({ trials: 50 });
});

test.each([['suspend'], ['resume'], ['budget', '--trials', '99']])(
  'a search that has ended is told to stay so: %s',
  async (name, ...flags) => {
    const folder = await leaveNight({ search: makeCompletedSearch() });
    await expect(edit(folder, name!, 'night', ...flags)).rejects.toMatchObject({
      message: expect.stringMatching(/^night: it has ended \(BudgetSpent: .* --warm-start/),
      exitCode: 2,
    });
  },
);

test('a run that hangs takes no edit: none is left behind, and that is said', async () => {
  const folder = await leaveNight();
  await writeFile(join(folder, 'runs/night/lock'), '1');
  let ms = 0;
  const clock = {
    ...systemClock,
    monotonic: () => ms,
    sleep: async () => {
      ms += 5_000;
    },
  };
  const hanging = verb(addEditCommands, folder, ['suspend', 'night'], {
    isAlive: () => true,
    clock,
  });
  await expect(hanging).rejects.toThrow(
    /a run is under way there and did not take the edit within 15 s/,
  );
  expect(await readdir(join(folder, 'runs/night/edits'))).toEqual([]);
  expect(await specIn(folder)).toMatchObject({ suspend: false });
});

const manifest = (spec: Record<string, unknown> = {}): BioNASSearch =>
  BioNASSearch.parse({
    ...makeSearchManifest(spec),
    metadata: { name: 'night', namespace: 'default' },
  });

test('an edit lasts over the next run, until the manifest itself has another value', async () => {
  const folder = await makeFolder();
  const open = async () => {
    const directory = join(folder, 'runs', 'night', 'objects');
    const kinds = [{ kind: SEARCHES, keep: 'disk' as const }];
    const parts = { clock: systemClock, newUid: () => 'search-uid', logger: silentLogger };
    return (await ObjectStore.open({ directory, kinds, ...parts })).of(SEARCHES);
  };
  await applySearch(await open(), manifest());
  await edit(folder, 'budget', 'night', '--trials', '70');

  const again = await applySearch(await open(), manifest());
  expect(again.spec.budget.trials).toBe(70);
  expect(editedFields(again, manifest())).toEqual(['budget']);

  const other = await applySearch(await open(), manifest({ budget: { trials: 60 } }));
  expect(other.spec.budget.trials).toBe(60);
  const back = await applySearch(await open(), manifest());
  expect(back.spec.budget.trials).toBe(50);
});
