import { expect, test } from 'vitest';
import { recordOf } from '../../../../operator/reconcilers/search/record.ts';
import { makeResult, makeSearch, makeTrial } from '../../../builders/objects.ts';

const OF = { search: 'night-uid', aims: makeSearch().spec, devices: 1 };

test.each([
  ['what the Pods ran for', 12, 10, 12],
  ['what the trainer counted, where a Pod died together with the operator', 5, 31, 31],
])('the device time of a record is %s', (_title, ran, seconds, want) => {
  const trial = makeTrial().used(ran).withResult(makeResult({ seconds })).succeeded().object;
  expect(recordOf(trial, OF).deviceSeconds).toBe(want);
});

test('the rung that a record speaks of is the one that the trial was sent to, whatever the trainer says', () => {
  const fidelity = { epochs: 3, pause: true };
  const spec = { training: { epochs: 9 }, fidelity };
  const trial = makeTrial(spec).withResult(makeResult()).succeeded().object;
  expect(recordOf(trial, OF).epochs).toBe(3);
  expect(recordOf(makeTrial().succeeded().object, OF)).not.toHaveProperty('epochs');
});
