// From what a few networks were measured to take to what any of their kind will: a line over the multiply-accumulates of one
// picture, through the middle of what was measured. Pure.
import type { Rehearsed } from '../../trainer/rehearsal.ts';

/** One network, rehearsed. */
export interface Measured extends Rehearsed {
  readonly genotype: string;
  /** Multiply-accumulates of one picture forward. */
  readonly macs: number;
  /** Of a process beside its epochs: its start, its first steps, what it does at the end. */
  readonly startSeconds: number;
  /** That it leaves on disk. */
  readonly keptBytes: number;
}

/** What a network takes. */
export interface Cost {
  readonly stepSeconds: number;
  readonly evaluationSeconds: number;
  readonly epochSeconds: number;
  readonly startSeconds: number;
}

/** Of workers with a device each, by what one of them takes for all; what they lose to one another is not in it. */
export const amongWorkers = (cost: Cost, workers: number): Cost => ({
  ...cost,
  stepSeconds: cost.stepSeconds / workers,
  evaluationSeconds: cost.evaluationSeconds / workers,
});

export type CostModel = (macs: number) => Cost;

/** Of one network or more. */
export function costModel(measured: readonly Measured[]): CostModel {
  const line = (of: keyof Cost) => lineOver(measured.map((each) => [each.macs, each[of]]));
  const [step, evaluation] = [line('stepSeconds'), line('evaluationSeconds')];
  const [epoch, start] = [line('epochSeconds'), line('startSeconds')];
  return (macs) => ({
    stepSeconds: step(macs),
    evaluationSeconds: evaluation(macs),
    epochSeconds: epoch(macs),
    startSeconds: start(macs),
  });
}

type Point = readonly [x: number, y: number];

/** Least squares; flat where more x would cost less, and never below the cheapest that was seen. */
function lineOver(points: readonly Point[]): (x: number) => number {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x0, y0] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = mean(([x]) => (x - x0) ** 2);
  const rise = mean(([x, y]) => (x - x0) * (y - y0));
  const slope = spread > 0 ? Math.max(0, rise / spread) : 0;
  const least = Math.min(...points.map(([, y]) => y));
  return (x) => Math.max(least, y0 + slope * (x - x0));
}

/** How far a step of the measured networks is from the line, at most, as a share of what was measured. */
export const misfitOf = (measured: readonly Measured[], model: CostModel): number =>
  Math.max(
    ...measured.map(({ macs, stepSeconds }) => Math.abs(model(macs).stepSeconds / stepSeconds - 1)),
  );

/** The smallest, the largest, and those that divide what lies between them into equal parts. */
export function spreadOver<T extends { readonly macs: number }>(
  networks: readonly T[],
  count: number,
): T[] {
  const sorted = networks.toSorted((a, b) => a.macs - b.macs);
  const last = sorted.length - 1;
  const places = Array.from({ length: count }, (_, k) =>
    Math.round((last * k) / Math.max(1, count - 1)),
  );
  return [...new Set(places)].flatMap((place) => sorted[place] ?? []);
}
