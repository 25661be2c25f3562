// One trial over HTTP: its network, attempts, the end of its log, and its layers epoch by epoch.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layerCurves } from '../../../cli/dashboard/layer-curves.ts';
import { serveDashboard } from '../../builders/dashboard.ts';
import { leaveNight } from '../../builders/night-run.ts';

const NIGHT = '/api/searches/default/night';
const FAILED = `${NIGHT}/trials/night-0003`;
const LINES = Array.from({ length: 1_000 }, (_, i) => `line ${i}, ä\n`).join('');

const logs = {
  'night-0003-0': 'out of memory\n',
  'night-0003-0-w1': 'helped\n',
  'night-0003-1': LINES,
};

test('of a trial that failed twice both attempts are there, with its reason and lineage', async () => {
  const { get } = await serveDashboard(await leaveNight({ logs }));
  const { json } = await get(FAILED);
  expect(json).toMatchObject({
    row: { name: 'night-0003', state: 'Failed', reason: 'TrainerFailed', parent: 2 },
    trial: { name: 'night-0003', message: 'CUDA error:\n  out of memory' },
    attempts: [
      { attempt: 0, pod: 'night-0003-0', hasLog: true },
      { attempt: 0, worker: 1, pod: 'night-0003-0-w1', hasLog: true },
      { attempt: 1, pod: 'night-0003-1', hasLog: true },
    ],
    diagrams: [{ kind: 'cell', title: 'Cell' }],
    files: [{ name: 'genotype.json' }],
    layers: [],
  });
  expect(json.diagrams[0].edges).toHaveLength(6);
  expect(json.yaml).toContain('reason: TrainerFailed');
});

test('the object of a trial that runs is its YAML', async () => {
  const { get } = await serveDashboard(await leaveNight());
  const { json } = await get(`${NIGHT}/trials/night-0004`);
  expect(json.yaml).toMatch(/^apiVersion: bionas.dev\/v1alpha1\nkind: Trial\n/);
});

test('of a log the end is sent, from the beginning of a line', async () => {
  const { get } = await serveDashboard(await leaveNight({ logs }));
  expect((await get(`${FAILED}/log?attempt=0`)).text).toBe('out of memory\n');
  expect((await get(`${FAILED}/log?attempt=0&worker=1`)).text).toBe('helped\n');
  // The last attempt, unless another is asked for.
  const { text, headers } = await get(`${FAILED}/log?tail=30`);
  expect(text).toBe('line 998, ä\nline 999, ä\n');
  expect(headers['x-skipped-bytes']).toBe(
    String(Buffer.byteLength(LINES) - Buffer.byteLength(text)),
  );
  expect((await get(`${FAILED}/log?tail=99999999`)).text).toBe(LINES);
});

test.each([
  ['?attempt=7', 404, /its log is gone/],
  ['?attempt=0&worker=2', 404, /attempt 0, worker 2: its log is gone/],
  ['?attempt=-1', 400, /attempt: expected a whole number/],
  ['?tail=all', 400, /tail: expected a whole number/],
])('a log that is not there is told: %s', async (query, status, message) => {
  const { get } = await serveDashboard(await leaveNight({ logs }));
  const answer = await get(`${FAILED}/log${query}`);
  expect(answer.status).toBe(status);
  expect(answer.json.error).toMatch(message);
});

test('layers that were measured have a curve each, while the trial runs, too', async () => {
  const folder = await leaveNight();
  const directory = join(folder, 'runs', 'night', 'trials', 'night-0004');
  await mkdir(directory, { recursive: true });
  const epoch = (number: number, angle: number) =>
    JSON.stringify({
      epoch: number,
      layers: [
        { layer: 'stem', gradientVariance: 2 * number },
        { layer: 'cell.1', rule: 'FA', gradientAngle: angle, gradientVariance: number },
      ],
    });
  await writeFile(join(directory, 'alignment.jsonl'), `${epoch(1, 88)}\n${epoch(2, 80.5)}\n{"epo`);
  const { get } = await serveDashboard(folder);
  const { json } = await get(`${NIGHT}/trials/night-0004`);
  expect(json.layers).toEqual([
    { layer: 'stem', gradientVariance: [2, 4] },
    { layer: 'cell.1', rule: 'FA', angle: [88, 80.5], gradientVariance: [1, 2] },
  ]);
  expect(json.files).toMatchObject([{ name: 'genotype.json' }, { name: 'alignment.jsonl' }]);
});

test('layers stand at the epochs at which they were measured', () => {
  const at = (epoch: number, gradientAngle: number) => ({
    epoch,
    layers: [{ layer: 'stem', rule: 'FA' as const, gradientAngle }],
  });
  expect(layerCurves([at(2, 80), at(4, 70)])).toEqual([
    { layer: 'stem', rule: 'FA', angle: [null, 80, null, 70] },
  ]);
});

test.each([
  [`${NIGHT}/trials/night-0077`, /night-0077: expected a trial of search night/],
  ['/api/searches/default/day', /default\/day: expected a search .* there are default\/night/],
  ['/api/nothing', /GET \/api\/nothing: expected a path/],
])('what is not there is told with what is: %s', async (path, message) => {
  const { get } = await serveDashboard(await leaveNight());
  const { status, json } = await get(path);
  expect(status).toBe(404);
  expect(json.error).toMatch(message);
});
