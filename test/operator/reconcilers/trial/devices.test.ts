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
  ['time slices', limits({ 'nvidia.com/gpu.shared': 1 }), 1],
  ['a MIG profile', limits({ 'nvidia.com/mig-1g.10gb': 2 }), 2],
  ['claims', { spec: { resourceClaims: [{ name: 'a' }, { name: 'b' }] } }, 2],
  ['GPUs of all containers', limits({ 'nvidia.com/gpu': 2 }, { 'nvidia.com/gpu': 1 }), 3],
])('%s', (_what, template, want) => {
  expect(devicesOfTrial({ template }, undefined)).toBe(want);
});

test.each([
  ['a part of a GPU', limits({ 'nvidia.com/gpu': 1 }), 0.25],
  ['of a time-sliced one', limits({ 'nvidia.com/gpu.shared': 1 }), 0.25],
  ['of a claimed one', { spec: { resourceClaims: [{ name: 'a' }] } }, 0.25],
  ['CPUs count as one, shared or not', limits({ cpu: '1' }), 1],
])('four trainers a device: %s', (_what, template, want) => {
  expect(devicesOfTrial({ template, sharing: { perDevice: 4 } }, undefined)).toBe(want);
});

test('workers of a trial hold their devices together', () => {
  const template = { workers: 4, ...limits({ 'nvidia.com/gpu': 2 }) };
  expect(devicesOfTrial({ template }, undefined)).toBe(8);
  expect(devicesOfTrial({ template: { workers: 4 } }, undefined)).toBe(4);
  expect(devicesOfTrial({ template, sharing: { perDevice: 2 } }, undefined)).toBe(4);
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
