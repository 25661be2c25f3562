// Latencies and rates from moments. Pure.

export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of any numbers; p99 of fewer than 100 is their maximum. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  const rounded = (value = Number.NaN) => round(value, 1);
  return { p50: rounded(at(0.5)), p99: rounded(at(0.99)), max: rounded(sorted.at(-1)) };
}

/** With P in flight, what frees a place for number P + k is result k: ms from one to the other. */
export function delays(
  results: readonly number[],
  added: readonly number[],
  parallelism: number,
): number[] {
  return added.slice(parallelism).flatMap((at, k) => {
    const result = results[k];
    return result === undefined ? [] : [at - result];
  });
}

/** From the first to the last. */
export function perSecond(times: readonly number[]): number {
  const [first = 0] = times;
  return round(((times.length - 1) * 1000) / ((times.at(-1) ?? 0) - first), 1);
}

/** CPU-ms of one of `count` by process, and of all together. */
export function costPer(
  count: number,
  cpuSeconds: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const all = Object.values(cpuSeconds).reduce((sum, seconds) => sum + seconds, 0);
  return Object.fromEntries(
    Object.entries({ ...cpuSeconds, all }).map(([name, seconds]) => [
      name,
      round((seconds * 1000) / count, 1),
    ]),
  );
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
