// How sure a proportion is.
import type { Interval } from './bootstrap.ts';

const Z95 = 1.959964;

/** Wilson's 95 % interval of `hits` of `count` (1927); undefined of none. */
export function wilsonInterval(hits: number, count: number): Interval | undefined {
  if (count === 0) return undefined;
  const z2 = Z95 ** 2;
  const middle = (hits + z2 / 2) / (count + z2);
  const half = (Z95 / (count + z2)) * Math.sqrt((hits * (count - hits)) / count + z2 / 4);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
