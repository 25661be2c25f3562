// Numbers as people write them.
import { expect, test } from 'vitest';
import { amountOf } from '../../../dashboard/filter/amount.ts';

test.each([
  ['0.8', 0.8],
  ['80%', 0.8],
  ['1.5M', 1_500_000],
  ['3k', 3000],
  ['1e-3', 0.001],
  ['-2', -2],
  ['90s', 90],
  ['10m', 600],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['', undefined],
  ['high', undefined],
  ['1.2.3', undefined],
  ['1h 30', undefined],
])('%s is %s', (text, want) => {
  const amount = amountOf(text);
  if (want === undefined) expect(amount).toBeUndefined();
  else expect(amount).toBeCloseTo(want, 12);
});
