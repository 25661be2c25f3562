// A 95 % bootstrap interval, of a mean first of all: Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 13.3, with the tails
// of Hesterberg (2015), What Teachers Should Know About the Bootstrap, for few values.
import type { Random } from '../../operator/search/index.ts';
import { mean } from './moments.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;

/**
 * Share of the resampled means cut off at each end, for n = 2, 3, ...: Phi(-sqrt(n / (n - 1)) t(0.975, n - 1)). With 0.025 for
 * every n, intervals of 5 normal values hold their mean in 84 % of cases; with these, in 92 % (8 values: 89 and 94 %).
 */
const TAILS = [
  0, 6.83e-8, 0.000119, 0.000954, 0.00243, 0.00411, 0.00574, 0.00722, 0.00855, 0.00972, 0.0108,
  0.0117, 0.0125, 0.0132, 0.0139, 0.0144, 0.015, 0.0154, 0.0159,
];

export const MOST_VALUES = TAILS.length + 1;

/**
 * Undefined of fewer than two values. Of n values no resample says more than their range, which holds the middle of a
 * symmetric law with probability 1 - 2^(1 - n) at most: 75 % of three, 94 % of five.
 * @throws RangeError of more than MOST_VALUES
 */
export const bootstrapInterval = (
  values: readonly number[],
  random: Random,
): Interval | undefined => bootstrapIntervalOf(mean, values, random);

/** The same of another statistic, whose resamples draw whole values: pairs stay together. Its coverage is not that of a mean. */
export function bootstrapIntervalOf<Value>(
  statistic: (values: readonly Value[]) => number,
  values: readonly Value[],
  random: Random,
): Interval | undefined {
  if (values.length > MOST_VALUES)
    throw new RangeError(`bootstrap: expected at most ${MOST_VALUES} values, got ${values.length}`);
  const tail = TAILS[values.length - 2];
  if (tail === undefined) return undefined;
  const means = Float64Array.from({ length: RESAMPLES }, () =>
    statistic(values.map(() => random.choice(values))),
  ).sort();
  const cut = Math.floor(tail * RESAMPLES);
  return { low: means[cut] ?? Number.NaN, high: means[RESAMPLES - 1 - cut] ?? Number.NaN };
}
