// A final stage with seeds and controls on this machine: killed in its middle, it trains nothing twice and compares in pairs.
import { expect, test } from 'vitest';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
const PATIENCE_MS = 60_000;

const spec = {
  searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['FA', 'uSF'] },
  budget: { trials: 2 },
  parallelism: 2,
  final: { topK: 1, seeds: 2, controls: { rules: ['BP'], random: 1 } },
};

test.skipIf(!canRun)('a network and its controls are trained once a seed each', async () => {
  const local = await LocalRun.make();
  const killed = await local.start(spec);
  await eventually(async () => expect(await local.records()).toHaveLength(5), PATIENCE_MS);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const last = await local.start(spec);
  expect(await last.ended, last.output).toBe(0);

  const final = (await local.records()).filter(({ purpose }) => purpose === 'Final');
  expect(final.map(({ name }) => name).toSorted()).toEqual([
    'night-f0-c00-s0',
    'night-f0-c00-s1',
    'night-f0-c01-s0',
    'night-f0-c01-s1',
    'night-f0-s1',
    'night-final-0',
  ]);
  const seeds = Map.groupBy(final, ({ seed }) => seed);
  expect([...seeds.values()].map(({ length }) => length)).toEqual([3, 3]);

  const [comparison] = (await local.result()).comparisons;
  expect(comparison).toMatchObject({ trial: 'night-final-0', trained: 2 });
  expect(comparison?.variants.map(({ kind, difference }) => [kind, difference?.seeds])).toEqual([
    ['rule', 2],
    ['random', 2],
  ]);
  for (const { claim } of comparison?.variants ?? []) expect(last.output).toContain(claim);
});
