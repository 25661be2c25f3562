// How much of a difference between networks is chance: what further seeds of the same networks say. Pure.
import { mean, standardDeviation } from '../statistics/index.ts';
import { bestAccuracy } from './summary.ts';
import { lastOf, type SearchTable } from './table/index.ts';

export interface Chance {
  /** That were trained with more than one seed. */
  readonly networks: number;
  /**
   * Of one training's accuracy by its seed, pooled over them. Two trainings of one network are sqrt(2) times as far apart.
   */
  readonly deviation: number;
  /** Between the first two seeds, over networks: 1 where seeds agree on all of them. Absent of fewer than three. */
  readonly correlation?: number;
  /** Networks of the table that are no more than one deviation below its best, which is among them. */
  readonly besideTheBest: number;
}

/** Undefined where no network was trained twice. */
export function chanceOf(table: SearchTable): Chance | undefined {
  const networks = [...table.networks.values()];
  const repeated = networks
    .map(({ curve, again }) => [curve, ...again].map(lastOf))
    .filter(({ length }) => length > 1);
  if (repeated.length === 0) return undefined;
  const deviation = Math.sqrt(
    mean(repeated.map((values) => (standardDeviation(values) ?? 0) ** 2)),
  );
  const correlation = correlationOf(repeated.map(([a = 0, b = 0]) => [a, b]));
  const least = bestAccuracy(table) - deviation;
  return {
    networks: repeated.length,
    deviation,
    ...(correlation === undefined ? {} : { correlation }),
    besideTheBest: networks.filter(({ curve }) => lastOf(curve) >= least).length,
  };
}

/** Pearson's; undefined of fewer than three pairs, or where one side does not vary. */
function correlationOf(pairs: readonly (readonly [number, number])[]): number | undefined {
  const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  const [meanX, meanY] = [mean(x), mean(y)];
  const spread = (standardDeviation(x) ?? 0) * (standardDeviation(y) ?? 0);
  if (pairs.length < 3 || spread === 0) return undefined;
  const products = pairs.map(([a, b]) => (a - meanX) * (b - meanY));
  return (mean(products) * pairs.length) / (pairs.length - 1) / spread;
}
