// What a watcher is told of a search, as of now.
import { expect, test } from 'vitest';
import { LiveTrials } from '../../../cli/run/live-trials.ts';
import { snapshot } from '../../../cli/run/snapshot.ts';
import {
  makeCompletedSearch,
  makeRunningTrial,
  makeSearch,
  NOW,
} from '../../builders/search-result.ts';

const look = (search = makeSearch(), trials = [makeRunningTrial(4), makeRunningTrial(3)]) => {
  const live = new LiveTrials();
  const progress = { epoch: 1, epochs: 2, step: 0, steps: 10 };
  live.take({ trial: 'uid-3', attempt: 0, sequence: 1, body: { kind: 'progress', progress } });
  return snapshot({ search, trials, live, slots: 2, now: NOW });
};

test('running trials come by index, with what they said of themselves', () => {
  expect(look().running).toMatchObject([
    { index: 3, state: 'running', seconds: 600, progress: { epoch: 1 } },
    { index: 4, state: 'running', seconds: 600 },
  ]);
  expect(look().running[1]?.progress).toBeUndefined();
});

test('the time runs from the first proposal', () => {
  expect(look()).toMatchObject({ phase: 'Pending', elapsedSeconds: 3600 });
});

test('after the end it stands still', () => {
  const ended = look(makeCompletedSearch(), []);
  expect(ended).toMatchObject({ phase: 'Completed', elapsedSeconds: 1800, running: [] });
  expect(ended.remainingSeconds).toBeUndefined();
});

test('it says what is searched', () => {
  expect(look().about).toBe('regularized-evolution over nb201 on fashion-mnist');
});
