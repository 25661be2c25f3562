// The dashboard over the directory of a run, asked over HTTP: what it tells is what lies there.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight } from '../../builders/night-run.ts';

const NIGHT = '/api/searches/default/night';

test('the searches under runs/ are listed with how far they are', async () => {
  const { get } = await serveDashboard(await leaveNight());
  const { status, json } = await get('/api/searches');
  expect(status).toBe(200);
  expect(json).toMatchObject([
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
  expect([status, json.map(({ name }: never) => name)]).toEqual([200, ['night']]);
  expect(await get(NIGHT)).toMatchObject({
    status: 500,
    text: expect.stringContaining('damaged.json: expected an object that this version'),
  });
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
