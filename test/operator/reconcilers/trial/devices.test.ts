// Devices of a Pod: what its run time is multiplied by.
import { expect, test } from 'vitest';
import { devicesOfTrial } from '../../../../operator/reconcilers/trial/index.ts';
import { makePod, makeResult, makeTrial, resultReport } from '../../../builders/objects.ts';
import { worldOf } from './trial-world.ts';

const limits = (...all: Record<string, unknown>[]) => ({
  spec: {
    containers: all.map((each, i) => ({
      name: i === 0 ? 'trainer' : `c${i}`,
      resources: { limits: each },
    })),
  },
});

test.each([
  ['a Pod without limits', { spec: {} }, 1],
  ['CPUs, which count as one', limits({ cpu: '8', memory: '4Gi' }), 1],
  ['a GPU', limits({ 'nvidia.com/gpu': 1 }), 1],
  ['several GPUs, as text', limits({ 'nvidia.com/gpu': '4' }), 4],
  ['GPUs of another maker', limits({ 'amd.com/gpu': 2 }), 2],
  ['GPUs of all containers', limits({ 'nvidia.com/gpu': 2 }, { 'nvidia.com/gpu': 1 }), 3],
])('%s', (_what, template, want) => {
  expect(devicesOfTrial({ template }, undefined)).toBe(want);
});

test('the template of the cluster counts, below that of the search', () => {
  expect(devicesOfTrial({}, limits({ 'nvidia.com/gpu': 2 }))).toBe(2);
  expect(
    devicesOfTrial({ template: limits({ 'nvidia.com/gpu': 8 }) }, limits({ 'nvidia.com/gpu': 2 })),
  ).toBe(8);
});

test('what a trainer counted is times devices, too, where a Pod died together with the operator', async () => {
  const template = limits({ 'nvidia.com/gpu': 2 });
  const world = worldOf({ trial: makeTrial({ template }).used(5) });
  world.say(resultReport(makeResult({ seconds: 31 })));
  await world.reconcile();
  expect(world.status.deviceSeconds).toBe(62);
});

test('a trial on two devices takes twice the time of its Pod', async () => {
  const template = limits({ 'nvidia.com/gpu': 2 });
  const world = worldOf({ trial: makeTrial({ template }).running(), pod: makePod().running() });
  await world.clock.advance(10_000);
  world.say(resultReport(makeResult()));
  await world.reconcile();
  expect(world.status.deviceSeconds).toBe(20);
});
