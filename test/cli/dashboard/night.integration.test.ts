// The dashboard over the directory of a run, asked over HTTP: what it tells is what lies there.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runPlace } from '../../../cli/place/index.ts';
import { problemsOf } from '../../../crds/index.ts';
import { serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight, night } from '../../builders/night-run.ts';
import { CELLS, makeRecord } from '../../builders/search-result.ts';
import { verbIo } from '../../builders/verbs.ts';

const NIGHT = '/api/searches/default/night';

test('the searches under runs/ are listed with how far they are', async () => {
  const { get } = await serveDashboard(await leaveNight({ owner: process.pid }));
  const { status, json } = await get('/api/searches');
  expect(status).toBe(200);
  expect(json.searches).toMatchObject([
    {
      namespace: 'default',
      name: 'night',
      uid: 'search-uid',
      phase: 'Finalizing',
      message: 'the winner is trained anew',
      trials: { proposed: 5, running: 1, succeeded: 3, failed: 1, paused: 0, infeasible: 0 },
      best: [0.72],
      budget: { deviceSeconds: 100, gpuHours: 0 },
    },
  ]);
});

test('neither a search nor a trial that cannot be read hides the searches that can', async () => {
  const folder = await leaveNight();
  const damage = async (run: string, kind: string) => {
    const objects = join(folder, 'runs', run, 'objects', `${kind}.bionas.dev`, 'default');
    await mkdir(objects, { recursive: true });
    await writeFile(join(objects, 'damaged.json'), '{');
  };
  await damage('night-2', 'bionassearches');
  await damage('night', 'trials');
  const { get } = await serveDashboard(folder);
  const { status, json } = await get('/api/searches');
  expect([status, json.searches.map(({ name }: never) => name)]).toEqual([200, ['night']]);
  const problem = expect.stringMatching(/damaged.json: expected an object that .* mend or remove/);
  expect(json.unreadable).toEqual([{ namespace: 'default', name: 'night-2', problem }]);
  for (const path of [NIGHT, `${NIGHT}-2`])
    expect(await get(path)).toMatchObject({ status: 422, json: { error: problem } });
});

test('a dashboard of one run that is damaged meanwhile says so, on the terminal too', async () => {
  const folder = await leaveNight();
  const said = { out: [] as string[], err: [] as string[] };
  const place = runPlace(join(folder, 'runs', 'night'), verbIo(folder, said));
  const { get } = await serveDashboard(folder, { place });
  expect((await get('/api/searches')).json).toMatchObject({ searches: [{}], unreadable: [] });
  const objects = join(folder, 'runs', 'night', 'objects', 'bionassearches.bionas.dev');
  await writeFile(join(objects, 'default', 'night.json'), '{');
  const { status, json } = await get('/api/searches');
  expect([status, json.searches]).toEqual([200, []]);
  expect(json.unreadable).toMatchObject([{ name: 'night' }]);
  expect(said.err).toEqual([`left out: ${json.unreadable[0].problem}`]);
});

test('of a run that nobody carries out it is said, and no time left', async () => {
  const { get } = await serveDashboard(await leaveNight());
  const { json } = await get(NIGHT);
  expect(json).toMatchObject({ phase: 'Interrupted', trials: { running: 0 } });
  expect(json.budget).not.toHaveProperty('secondsLeft');
  expect(json.warnings).toEqual([
    expect.stringMatching(/^No process of this machine carries this search out /),
  ]);
});

test('a trial that trains has a curve, as far as its run has heard of it', async () => {
  const epochs = makeRecord(0).result?.epochs ?? [];
  const told = new Map([['uid-4', epochs]]);
  const { get } = await serveDashboard(await leaveNight({ told }));
  const { json } = await get(`${NIGHT}/trials`);
  expect(json.trials[4]).toMatchObject({ name: 'night-0004', state: 'Running', epochs: 2 });
  expect(json.trials[4].curve).toEqual(json.trials[0].curve);
});

test('the settings are a manifest that asks for the search again, and for none of its trials', async () => {
  const { search } = night();
  const retry = { ...search.spec.retry, trials: [3] };
  const { get } = await serveDashboard(
    await leaveNight({ search: { ...search, spec: { ...search.spec, retry } } }),
  );
  const { yaml, object } = (await get(NIGHT)).json;
  const manifest = parse(yaml);
  expect(manifest).toEqual({
    apiVersion: object.apiVersion,
    kind: 'BioNASSearch',
    metadata: { name: 'night', namespace: 'default' },
    spec: { ...object.spec, retry: search.spec.retry },
  });
  expect(problemsOf('BioNASSearch', manifest)).toEqual([]);
});

test('importance is told once there are trials enough, of all that have a score', async () => {
  const few = await serveDashboard(await leaveNight());
  expect((await few.get(`${NIGHT}/importance`)).json).toBeNull();
  const records = Array.from({ length: 24 }, (_, k) => ({
    ...makeRecord(k),
    name: `night-${k}`,
    trial: `uid-${k}`,
    objectives: [(k % 3) / 4],
    genotype: CELLS[k % 3] ?? '',
  }));
  const { get } = await serveDashboard(await leaveNight({ records, trials: [] }));
  const { json } = await get(`${NIGHT}/importance`);
  expect(json.trials).toBe(24);
  expect(json.places.map(({ place }: never) => place)).toEqual((await get(NIGHT)).json.places);
  expect(json.rules.map(({ rule }: never) => rule)).toEqual(
    (await get(NIGHT)).json.object.spec.searchSpace.learningRules,
  );
});

test('the table has a row a trial, of ledger and objects', async () => {
  const { get } = await serveDashboard(await leaveNight());
  const { json } = await get(`${NIGHT}/trials`);
  expect(json.trials.map(({ name, state }: never) => [name, state])).toEqual([
    ['night-0000', 'Trained'],
    ['night-0001', 'Trained'],
    ['night-0002', 'Trained'],
    ['night-0003', 'Failed'],
    ['night-0004', 'Running'],
    ['night-final-0', 'Trained'],
  ]);
  expect(json.trials[2]).toMatchObject({
    index: 2,
    parent: 0,
    variation: 'edge 1: c3:FA to c3:uSF',
    objectives: [0.72],
    accuracy: 0.72,
    parameters: 68_882,
    macs: 7_031_232,
    deviceSeconds: 20,
    epochs: 2,
    curve: [0.72, 0.72],
  });
  expect(json.trials[3].reason).toBe('TrainerFailed');
});
