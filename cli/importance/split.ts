// The best division of samples in two by the values of one factor: the one that leaves the least squared error.
import type { Factor } from './factor.ts';

export interface Split {
  /** By how much the sum of squared errors falls. */
  readonly gain: number;
  /** Values that there are, the left ones first. */
  readonly values: readonly number[];
  /** How many of them go to the left. */
  readonly at: number;
}

export interface Wanted {
  readonly rows: Uint32Array;
  readonly targets: Float64Array;
  /** Samples of a side at least. */
  readonly least: number;
}

/** Samples by value. */
interface Tally {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

/** undefined where no division helps. */
export function bestSplit(factor: Factor, wanted: Wanted): Split | undefined {
  const tally = tallyOf(factor, wanted);
  const values = inOrder(factor, tally);
  return values.length < 2 ? undefined : bestCut(values, tally, wanted);
}

function tallyOf({ codes, values }: Factor, { rows, targets }: Wanted): Tally {
  const counts = new Float64Array(values);
  const sums = new Float64Array(values);
  for (const row of rows) {
    const code = codes[row] as number;
    (counts[code] as number) += 1;
    (sums[code] as number) += targets[row] as number;
  }
  return { counts, sums };
}

/** Values that there are. Of names the means' order holds the best division (Breiman et al. 1984, section 4.2.2). */
function inOrder({ ordered }: Factor, { counts, sums }: Tally): number[] {
  const there: number[] = [];
  for (let value = 0; value < counts.length; value++) if (counts[value]) there.push(value);
  if (ordered) return there;
  const mean = (value: number) => (sums[value] as number) / (counts[value] as number);
  return there.sort((a, b) => mean(a) - mean(b) || a - b);
}

function bestCut(
  values: readonly number[],
  { counts, sums }: Tally,
  { rows, least }: Wanted,
): Split | undefined {
  let total = 0;
  for (const value of values) total += sums[value] as number;
  const whole = (total * total) / rows.length;
  let [count, sum, gain, at] = [0, 0, 0, 0];
  for (const [i, value] of values.entries()) {
    count += counts[value] as number;
    sum += sums[value] as number;
    const rest = rows.length - count;
    if (count < least || rest < least) continue;
    const here = (sum * sum) / count + ((total - sum) * (total - sum)) / rest - whole;
    if (here > gain) [gain, at] = [here, i + 1];
  }
  // Rounding errors of equal means are no gain.
  return gain <= 1e-12 * Math.abs(whole) ? undefined : { gain, values, at };
}

/**
 * By value: 1 where it goes to the left. Of numbers what lies between goes with its smaller neighbour; a name that is not there goes
 * with more names.
 */
export function leftOf({ values: all, ordered }: Factor, { values, at }: Split): Uint8Array {
  const chosen = values.slice(0, at);
  const last = chosen.at(-1) ?? -1;
  if (ordered) return Uint8Array.from({ length: all }, (_, value) => (value <= last ? 1 : 0));
  const left = new Uint8Array(all).fill(2 * at >= values.length ? 1 : 0);
  for (const [i, value] of values.entries()) left[value] = i < at ? 1 : 0;
  return left;
}
