// What is better: a total order over scored trials, and the values of the objectives in a trial's result.
import { bestOf, type Objective, type TrialResult } from '../../crds/index.ts';

/** A trial with one value an objective, in the metric's own sign. */
export interface Scored {
  readonly index: number;
  readonly objectives: readonly number[];
}

/** How much worse a is than b in objective k: negative where a is better, whatever the goal. */
export function loss(objectives: readonly Objective[], k: number, a: Scored, b: Scored): number {
  const difference = (a.objectives[k] ?? Number.NaN) - (b.objectives[k] ?? Number.NaN);
  return objectives[k]?.goal === 'minimize' ? difference : -difference;
}

/** Negative where a is better: the first objective ranks, later ones break its ties, then the earlier trial wins. */
export function compareScored(objectives: readonly Objective[]): (a: Scored, b: Scored) => number {
  return (a, b) => {
    for (const k of objectives.keys()) {
      const difference = loss(objectives, k, a, b);
      if (difference !== 0) return difference;
    }
    return a.index - b.index;
  };
}

/** The best `limit` trials, best first. */
export function best<Trial extends Scored>(
  trials: readonly Trial[],
  objectives: readonly Objective[],
  limit: number,
): Trial[] {
  return trials.toSorted(compareScored(objectives)).slice(0, limit);
}

/** Whether the values reach every target that the objectives set; false where none sets one. */
export function reachesTargets(
  values: readonly number[],
  objectives: readonly Objective[],
): boolean {
  const reached = objectives.flatMap(({ goal, target }, k) => {
    const value = values[k];
    if (target === undefined) return [];
    return [value !== undefined && (goal === 'maximize' ? value >= target : value <= target)];
  });
  return reached.length > 0 && reached.every(Boolean);
}

/** Worst values of the metrics that a diverged trial may lack; finite, since JSON knows no infinity. */
const WORST: Partial<Record<Objective['metric'], number>> = {
  accuracy: 0,
  loss: Number.MAX_VALUE,
};

export type Scoring =
  | { readonly kind: 'scored'; readonly objectives: readonly number[] }
  | { readonly kind: 'unscored'; readonly message: string };

/** What a result is judged by. */
export type Judged = Pick<TrialResult, 'outcome' | 'metrics'> &
  Partial<Pick<TrialResult, 'stopped' | 'epochs'>>;

/**
 * The objectives' values in a result. A diverged trial is scored, with the worst value for a metric that it lacks;
 * a trained one that lacks a metric is unscored, and the trial has failed. One that was stopped early counts by its best epoch:
 * others had theirs at the end of the schedule, it has none.
 */
export function scoreOf(result: Judged, objectives: readonly Objective[]): Scoring {
  const { outcome } = result;
  const values = objectives.map(({ metric }) => {
    const value = metricOf(result, metric);
    if (value !== undefined && Number.isFinite(value)) return value;
    return outcome === 'Diverged' ? WORST[metric] : undefined;
  });
  const missing = objectives.filter((_, k) => values[k] === undefined);
  if (missing.length === 0) return { kind: 'scored', objectives: values as number[] };
  const names = missing.map(({ metric }) => metric).join(', ');
  return {
    kind: 'unscored',
    message: `result.metrics: expected a finite ${names}, as the search's objectives ask, got none`,
  };
}

function metricOf(
  { metrics, stopped, epochs = [] }: Judged,
  metric: Objective['metric'],
): number | undefined {
  if (stopped === undefined || (metric !== 'accuracy' && metric !== 'loss')) return metrics[metric];
  const curve = curveOf(epochs, metric);
  return curve.length === 0 ? metrics[metric] : bestOf(curve, metric);
}

/** Values of a metric on held-out pictures, one an epoch that has it. */
export const curveOf = (epochs: TrialResult['epochs'], metric: 'accuracy' | 'loss'): number[] =>
  epochs.flatMap(
    ({ validationAccuracy, validationLoss }) =>
      (metric === 'accuracy' ? validationAccuracy : validationLoss) ?? [],
  );
