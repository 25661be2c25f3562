// When a run leaves what its trials tell of their epochs, and of which trials.
import { expect, test } from 'vitest';
import { epochLeaver } from '../../../cli/run/epoch-leaver.ts';
import { LiveTrials } from '../../../cli/run/live-trials.ts';
import type { LocalOperator } from '../../../cli/run/local-operator.ts';
import { readLiveEpochs } from '../../../cli/run-directory/index.ts';
import type { EpochMetrics, Trial } from '../../../crds/index.ts';
import { makeFolder } from '../../builders/run-directory.ts';
import { makeRecord, makeRunningTrial } from '../../builders/search-result.ts';
import { FakeClock } from '../../operator/runtime/fake-clock.ts';

const [FIRST, SECOND] = (makeRecord(0).result?.epochs ?? []) as [EpochMetrics, EpochMetrics];
const progress = { epoch: 1, epochs: 2, step: 0, steps: 10 };
const TRIAL = makeRunningTrial(0);
const UID = TRIAL.metadata.uid ?? '';

/** A run of one trial, which went on from what an earlier one was told. */
async function begun() {
  const root = await makeFolder();
  const clock = new FakeClock();
  const live = new LiveTrials(new Map([[UID, [FIRST]]]));
  const trials = { hasSynced: true, cache: { list: (): readonly Trial[] => [TRIAL] } };
  const operator = { live, trials } as unknown as Pick<LocalOperator, 'live' | 'trials'>;
  const leave = epochLeaver(root, operator, clock);
  const tell = (metrics: EpochMetrics) =>
    live.take({
      trial: UID,
      attempt: 0,
      sequence: 1,
      body: { kind: 'epoch', metrics, progress },
    });
  const left = async () => (await readLiveEpochs(root)).get(UID);
  return { clock, trials, leave, tell, left };
}

test('what is new is left once a second at most, and the last of it at once', async () => {
  const { clock, leave, tell, left } = await begun();
  await leave();
  expect(await left()).toBeUndefined();
  tell(FIRST);
  await leave();
  expect(await left()).toEqual([FIRST]);
  tell(SECOND);
  await clock.advance(999);
  await leave();
  expect(await left()).toEqual([FIRST]);
  await clock.advance(1);
  await leave();
  expect(await left()).toEqual([FIRST, SECOND]);
  tell({ ...SECOND, loss: 9 });
  await leave({ atOnce: true });
  expect(await left()).toEqual([FIRST, { ...SECOND, loss: 9 }]);
});

test('nothing is forgotten of trials that have not been listed yet', async () => {
  const { trials, leave, tell, left } = await begun();
  const { list } = trials.cache;
  trials.hasSynced = false;
  trials.cache.list = () => [];
  await leave();
  trials.hasSynced = true;
  trials.cache.list = list;
  tell(SECOND);
  await leave();
  expect(await left()).toEqual([FIRST, SECOND]);
});
