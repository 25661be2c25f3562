// Epochs that go by: each trial's own, the newest word of an epoch, and no more trials than are kept.
import { expect, test } from 'vitest';
import { HeardEpochs } from '../../../cli/place/heard-epochs.ts';
import type { EpochMetrics } from '../../../crds/index.ts';
import { makeRecord } from '../../builders/search-result.ts';

const [FIRST, SECOND] = (makeRecord(0).result?.epochs ?? []) as [EpochMetrics, EpochMetrics];
const progress = { epoch: 1, epochs: 2, step: 0, steps: 10 };
const report = (trial: string, metrics: EpochMetrics) => ({
  trial,
  attempt: 0,
  sequence: 1,
  body: { kind: 'epoch', metrics, progress },
});

test('of each trial its epochs are known, also told again', () => {
  const heard = new HeardEpochs();
  for (const metrics of [FIRST, SECOND, { ...FIRST, loss: 9 }]) heard.take(report('a', metrics));
  heard.take(report('b', FIRST));
  expect(heard.of('a')).toEqual([SECOND, { ...FIRST, loss: 9 }]);
  expect([heard.of('b'), heard.of('c')]).toEqual([[FIRST], []]);
});

test.each([
  ['progress', { ...report('a', FIRST), body: { kind: 'progress', progress } }],
  ['no report', { trial: 'a' }],
  ['nothing', undefined],
])('%s is passed over', (_, said) => {
  const heard = new HeardEpochs();
  heard.take(said);
  expect(heard.of('a')).toEqual([]);
});

test('of thousands those that were heard of last are kept', () => {
  const heard = new HeardEpochs();
  heard.take(report('first', FIRST));
  for (let k = 0; k < 1_999; k += 1) heard.take(report(`trial-${k}`, FIRST));
  heard.take(report('first', SECOND));
  heard.take(report('last', FIRST));
  expect(heard.of('trial-0')).toEqual([]);
  expect(heard.of('first')).toEqual([FIRST, SECOND]);
});
