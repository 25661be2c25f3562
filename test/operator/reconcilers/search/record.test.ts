import { expect, test } from 'vitest';
import { recordOf } from '../../../../operator/reconcilers/search/record.ts';
import { makeResult, makeSearch, makeTrial } from '../../../builders/objects.ts';

test.each([
  ['what the Pods ran for', 12, 10, 12],
  ['what the trainer counted, where a Pod died together with the operator', 5, 31, 31],
])('the device time of a record is %s', (_title, ran, seconds, want) => {
  const trial = makeTrial().used(ran).withResult(makeResult({ seconds })).succeeded().object;
  const aims = makeSearch().spec;
  expect(recordOf(trial, 'night-uid', aims).deviceSeconds).toBe(want);
});

test('the rung that a record speaks of is the one that the trial was sent to, whatever the trainer says', () => {
  const fidelity = { epochs: 3, pause: true };
  const spec = { training: { epochs: 9 }, fidelity };
  const trial = makeTrial(spec).withResult(makeResult()).succeeded().object;
  const aims = makeSearch().spec;
  expect(recordOf(trial, 'night-uid', aims).epochs).toBe(3);
  expect(recordOf(makeTrial().succeeded().object, 'night-uid', aims)).not.toHaveProperty('epochs');
});
