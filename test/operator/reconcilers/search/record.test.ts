import { expect, test } from 'vitest';
import { recordOf } from '../../../../operator/reconcilers/search/record.ts';
import { makeResult, makeSearch, makeTrial } from '../../../builders/objects.ts';

const OF = { search: 'night-uid', aims: makeSearch().spec };

test('the rung that a record speaks of is the one that the trial was sent to, whatever the trainer says', () => {
  const fidelity = { epochs: 3, pause: true };
  const spec = { training: { epochs: 9 }, fidelity };
  const trial = makeTrial(spec).withResult(makeResult()).succeeded().object;
  expect(recordOf(trial, OF).epochs).toBe(3);
  expect(recordOf(makeTrial().succeeded().object, OF)).not.toHaveProperty('epochs');
});
