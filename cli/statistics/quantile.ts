// Quantiles of a sample, and how sure its median is.

/**
 * Linear between the order statistics (Hyndman & Fan 1996, definition 7); NaN of nothing.
 * @param share in [0, 1]
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (place - Math.floor(place)) * (high - low);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
