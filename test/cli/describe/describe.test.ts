// `bionas describe`: a search or a trial with its reasons.
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addDescribeCommand } from '../../../cli/describe/index.ts';
import { trialSections } from '../../../cli/describe/trial.ts';
import { leaveNight } from '../../builders/night-run.ts';
import { makeRecord, makeResult } from '../../builders/search-result.ts';
import { verb } from '../../builders/verbs.ts';

let folder = '';
beforeEach(async () => {
  folder = await leaveNight({ logs: { 'night-0003-1': 'out of memory\n' } });
});
const describe = async (...args: string[]) =>
  (await verb(addDescribeCommand, folder, ['describe', ...args])).out.join('\n');

test('a search says where it stands, what failed and why, and what is under way', async () => {
  const text = await describe('night');
  expect(text).toContain('Objectives:    maximize accuracy');
  expect(text).toMatch(/Ready +True +Finalizing +2026-01-01T00:30:00Z +the winner is trained anew/);
  expect(text).toMatch(/Trials: +4 of 50/);
  expect(text).toMatch(/TrainerFailed +1 +night-0003 +CUDA error: out of memory/);
  expect(text).toMatch(/Under way:\n +TRIAL .*\n +night-0004 +Running +0 /);
  expect(text).toMatch(/Final networks:\n.*\n +night-final-0 +90.66 %/);
  expect(text).not.toContain('Rungs:');
});

test('a trial is told edge by edge, with its curve and its files', async () => {
  const text = await describe('night', '0');
  expect(text).toMatch(/FROM +TO +OPERATION +RULE/);
  expect(text).toMatch(/input +2 +conv 3×3 +FA\n +1 +2 +conv 3×3 +uSF/);
  expect(text).toMatch(/Other layers:\n +rule: +BP/);
  expect(text).toMatch(/EPOCH +LOSS .*\n +1 +1\.000 .*\n +2 +0\.5000 /);
  expect(text).toContain('model.onnx:');
});

test('of one that failed every attempt is told of, those too of which nothing is left', async () => {
  const text = await describe('night', '3');
  expect(text).toMatch(/State: +Failed, TrainerFailed/);
  expect(text).toMatch(/0 +night-0003-0 +gone .*\n +1 +night-0003-1 +- /);
});

test('of several workers each has a row, also where the first is gone', async () => {
  const logs = { 'night-0003-1-w2': 'out of memory\n', 'night-0003-1-w1': '', 'night-0003-0': '' };
  folder = await leaveNight({ logs });
  expect(await describe('night', '3')).toMatch(
    /0 +night-0003-0 +- .*\n +1 +night-0003-1 +gone .*\n +1 +night-0003-1-w1 +- .*\n +1 +night-0003-1-w2 +- /,
  );
  expect(parse(await describe('night', '3', '-o', 'yaml'))).toHaveProperty('attempts', [
    { attempt: 0, pod: 'night-0003-0' },
    { attempt: 1, worker: 1, pod: 'night-0003-1-w1' },
    { attempt: 1, worker: 2, pod: 'night-0003-1-w2' },
  ]);
});

test('a final network shows its rules and what attacks left', async () => {
  const text = await describe('night', 'final-0');
  expect(text).toMatch(/FA +6 +78\.2° +82\.0°/);
  expect(text).toMatch(/fgsm +exact +linf +8 +67\.00 %/);
});

test('YAML of a trial is what result.json has, with its attempts', async () => {
  const trial = parse(await describe('night', '3', '-o', 'yaml'));
  expect(trial).toMatchObject({
    name: 'night-0003',
    state: 'Failed',
    attempts: [{ attempt: 1, pod: 'night-0003-1' }],
  });
});

test('JSON of a search is the whole object', async () => {
  expect(JSON.parse(await describe('night', '-o', 'json'))).toMatchObject({
    kind: 'BioNASSearch',
    status: { phase: 'Finalizing' },
  });
});

test('an attempt on a cluster says where it ran and how it ended', () => {
  const [trial] = makeResult({ records: [makeRecord(0)] }).trials;
  const attempts = [
    { attempt: 0, pod: 'p-0', phase: 'Failed', node: 'gpu-1', reason: 'OOMKilled', exitCode: 137 },
  ];
  const sections = trialSections({ trial: trial!, attempts, objectives: [] });
  expect(sections.find(({ title }) => title === 'Attempts')?.table?.[1]).toEqual([
    '0',
    'p-0',
    'Failed',
    'gpu-1',
    'OOMKilled (137)',
  ]);
});
