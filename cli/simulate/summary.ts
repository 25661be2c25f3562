// What searches on a table came to, over their seeds: regret, what it cost, and how it fell. Pure.
import { median, quantile } from '../statistics/index.ts';
import type { SimulatedSearch } from './simulated-search.ts';
import { lastOf, type SearchTable } from './table/index.ts';

/** Median and quartiles over seeds. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Of regrets, in accuracy: how far the leader is below the best network of the table. */
export interface CurvePoint extends Spread {
  readonly epochs: number;
}

export interface Summary {
  /** Medians over seeds. */
  readonly networks: number;
  readonly epochs: number;
  readonly time: number;
  readonly unknown: number;
  /** Accuracy of the network that led at the end, trained to its end. */
  readonly accuracy: number;
  readonly regret: Spread;
  /** Seeds that found the best network of the table, or one as good. */
  readonly foundBest: number;
  readonly curve: readonly CurvePoint[];
}

/** In a curve. */
const POINTS = 120;

export const bestAccuracy = ({ networks }: SearchTable): number =>
  Math.max(...[...networks.values()].map(({ curve }) => lastOf(curve)));

/** Accuracy of the network that leads after so many epochs; undefined before any has reported. */
export const accuracyAfter = (
  { steps }: SimulatedSearch,
  epochs = Number.POSITIVE_INFINITY,
): number | undefined => steps.findLast((step) => step.epochs <= epochs)?.accuracy;

/** `best` is the accuracy that none is above. */
export function summarize(searches: readonly SimulatedSearch[], best: number): Summary {
  const over = (value: (search: SimulatedSearch) => number) => median(searches.map(value));
  const regrets = searches.map((search) => best - (accuracyAfter(search) ?? 0));
  return {
    networks: over((search) => search.networks),
    epochs: over((search) => search.epochs),
    time: over((search) => search.time),
    unknown: over((search) => search.unknown),
    accuracy: best - median(regrets),
    regret: spreadOf(regrets),
    foundBest: regrets.filter((regret) => regret <= 0).length,
    curve: curveOf(searches, best),
  };
}

export const spreadOf = (values: readonly number[]): Spread => ({
  low: quantile(values, 0.25),
  median: median(values),
  high: quantile(values, 0.75),
});

/** From where every seed has a leader to where the last has ended. */
function curveOf(searches: readonly SimulatedSearch[], best: number): CurvePoint[] {
  const end = Math.max(0, ...searches.map((search) => search.epochs));
  return Array.from({ length: POINTS }, (_, k) => ((k + 1) / POINTS) * end).flatMap((epochs) => {
    const accuracies = searches.flatMap((search) => accuracyAfter(search, epochs) ?? []);
    if (accuracies.length < searches.length) return [];
    return [{ epochs, ...spreadOf(accuracies.map((accuracy) => best - accuracy)) }];
  });
}

export interface Duel {
  /** Seeds by whose regret one search is ahead of the other. */
  readonly ahead: number;
  readonly level: number;
  readonly behind: number;
}

/** Seed by seed, after so many epochs. */
export function duel(
  searches: readonly SimulatedSearch[],
  others: readonly SimulatedSearch[],
  epochs?: number,
): Duel {
  const leads = searches.map((search, i) => {
    const other = others[i];
    const otherAccuracy = other === undefined ? 0 : (accuracyAfter(other, epochs) ?? 0);
    return Math.sign((accuracyAfter(search, epochs) ?? 0) - otherAccuracy);
  });
  const count = (sign: number) => leads.filter((lead) => lead === sign).length;
  return { ahead: count(1), level: count(0), behind: count(-1) };
}
