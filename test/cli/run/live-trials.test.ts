// What trials that have not ended tell of themselves, and what a run leaves of it for others and for its next start.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LiveTrials } from '../../../cli/run/live-trials.ts';
import {
  liveEpochsReader,
  readLiveEpochs,
  removeLiveEpochs,
  writeLiveEpochs,
} from '../../../cli/run-directory/index.ts';
import type { EpochMetrics, Report } from '../../../crds/index.ts';
import { makeFolder } from '../../builders/run-directory.ts';
import { makeRecord } from '../../builders/search-result.ts';

const [FIRST, SECOND] = (makeRecord(0).result?.epochs ?? []) as [EpochMetrics, EpochMetrics];
const progress = { epoch: 1, epochs: 2, step: 0, steps: 10 };
const A = new Set(['a']);

const epoch = (trial: string, metrics: EpochMetrics): Report => ({
  trial,
  attempt: 0,
  sequence: 1,
  body: { kind: 'epoch', metrics, progress },
});

test('epochs are news once, also those told again by another attempt', () => {
  const live = new LiveTrials();
  expect(live.news(A)).toBeUndefined();
  for (const metrics of [FIRST, SECOND, { ...FIRST, loss: 9 }]) live.take(epoch('a', metrics));
  expect(live.news(A)?.get('a')).toEqual([SECOND, { ...FIRST, loss: 9 }]);
  expect(live.news(A)).toBeUndefined();
});

test('a trial that comes to a rung keeps its epochs, one that has ended is forgotten', () => {
  const live = new LiveTrials(new Map([['a', [FIRST]]]));
  const result = makeRecord(0).result;
  if (result === undefined) throw new Error('a trained record has a result');
  live.take({ trial: 'a', attempt: 0, sequence: 2, body: { kind: 'result', result } });
  live.take(epoch('b', FIRST));
  expect(live.get('a')).toEqual({ epochs: [FIRST] });
  expect([...(live.news(new Set(['b'])) ?? [])]).toEqual([['b', [FIRST]]]);
  expect(live.get('a').epochs).toEqual([]);
});

test('what is left in a directory is read back; what is none is nothing', async () => {
  const root = await makeFolder();
  expect(await readLiveEpochs(root)).toEqual(new Map());
  const told = new Map([['a', [FIRST, SECOND]]]);
  await writeLiveEpochs(root, told);
  expect(await readLiveEpochs(root)).toEqual(told);
  await writeFile(join(root, 'live.json'), '{"a": [{"epo');
  expect(await readLiveEpochs(root)).toEqual(new Map());
  await removeLiveEpochs(root);
  expect(await readLiveEpochs(root)).toEqual(new Map());
});

test('what lies there as before is not read again, what has come in its place is', async () => {
  const root = await makeFolder();
  const read = liveEpochsReader(root);
  expect(await read()).toEqual(new Map());
  await writeLiveEpochs(root, new Map([['a', [FIRST]]]));
  const first = await read();
  expect(first).toEqual(new Map([['a', [FIRST]]]));
  expect(await read()).toBe(first);
  const told = new Map([['a', [FIRST, SECOND]]]);
  await writeLiveEpochs(root, told);
  expect(await read()).toEqual(told);
  await removeLiveEpochs(root);
  expect(await read()).toEqual(new Map());
});
