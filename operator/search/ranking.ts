// What is better: a total order over scored trials, and the values of the objectives in a trial's result.
import {
  bestOf,
  breachesOf,
  type Constraint,
  earlyConstraints,
  type Metric,
  type Objective,
  type TrialResult,
  violationOf,
} from '../../crds/index.ts';
import type { Outcome, Result } from './algorithm.ts';

/** A trial with one value an objective, in the metric's own sign. */
export interface Scored {
  readonly index: number;
  /** Of one that is infeasible they count for nothing, and may be missing. */
  readonly objectives: readonly number[];
  /** How far outside of the constraints it is (violationOf); absent where it is feasible. */
  readonly violation?: number;
}

/** What is compared of a result; undefined where it failed. */
export function scoredOf({ index, outcome }: Pick<Result, 'index' | 'outcome'>) {
  if (outcome.kind === 'failed') return undefined;
  const { kind: _, ...values } = outcome;
  return { index, objectives: [], ...values } satisfies Scored;
}

/** How far outside of the constraints it is. */
export const violation = ({ violation: beyond = 0 }: Pick<Scored, 'violation'>): number => beyond;

/** How much worse a is than b in objective k: negative where a is better, whatever the goal. */
export function loss(objectives: readonly Objective[], k: number, a: Scored, b: Scored): number {
  const difference = (a.objectives[k] ?? Number.NaN) - (b.objectives[k] ?? Number.NaN);
  return objectives[k]?.goal === 'minimize' ? difference : -difference;
}

/**
 * Negative where a is better: feasible trials first, then those that are less far outside. Of feasible ones the first objective ranks
 * and later ones break its ties. Then the earlier trial wins.
 */
export function compareScored(objectives: readonly Objective[]): (a: Scored, b: Scored) => number {
  return (a, b) => {
    if (violation(a) !== violation(b)) return violation(a) - violation(b);
    if (violation(a) > 0) return a.index - b.index;
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
const WORST: Partial<Record<Metric, number>> = {
  accuracy: 0,
  robustAccuracy: 0,
  loss: Number.MAX_VALUE,
  latency: Number.MAX_VALUE,
};

/** What a search judges by. */
export interface Aims {
  readonly objectives: readonly Objective[];
  readonly constraints?: readonly Constraint[];
}

export type Scoring =
  | Exclude<Outcome, { readonly kind: 'failed' }>
  | { readonly kind: 'unscored'; readonly message: string };

/** What a result is judged by. */
export type Judged = Pick<TrialResult, 'outcome' | 'metrics'> &
  Partial<Pick<TrialResult, 'stopped' | 'epochs'>>;

/**
 * The objectives' values in a result, and how far outside of the constraints it is. A diverged trial is scored, with the worst value
 * for a metric that it lacks; a trained one that lacks a metric is unscored, and the trial has failed. One that was stopped early
 * counts by its best epoch: others had theirs at the end of the schedule, it has none.
 */
export function scoreOf(result: Judged, { objectives, constraints = [] }: Aims): Scoring {
  if (result.outcome === 'Infeasible') return untrained(result, constraints);
  const asked = [...objectives, ...constraints].map(({ metric }) => metric);
  const values = Object.fromEntries(asked.map((metric) => [metric, judgedBy(result, metric)]));
  const missing = [...new Set(asked)].filter((metric) => values[metric] === undefined);
  if (missing.length > 0) {
    const expected = `expected a finite ${missing.join(', ')}, as the search's ${constraints.length > 0 ? 'objectives and constraints' : 'objectives'} ask`;
    return { kind: 'unscored', message: `result.metrics: ${expected}, got none` };
  }
  const beyond = violationOf(breachesOf(constraints, values));
  return {
    kind: 'scored',
    objectives: objectives.map(({ metric }) => values[metric] ?? Number.NaN),
    ...(beyond > 0 ? { violation: beyond } : {}),
  };
}

/** By what was known before the first step. */
function untrained({ metrics }: Judged, constraints: readonly Constraint[]): Scoring {
  const beyond = violationOf(breachesOf(earlyConstraints(constraints), metrics));
  if (beyond > 0) return { kind: 'infeasible', violation: beyond };
  const message =
    "result.outcome: expected one of the search's constraints to be violated where it is Infeasible, got none";
  return { kind: 'unscored', message };
}

function judgedBy(result: Judged, metric: Metric): number | undefined {
  const value = metricOf(result, metric);
  if (value !== undefined && Number.isFinite(value)) return value;
  return result.outcome === 'Diverged' ? WORST[metric] : undefined;
}

function metricOf({ metrics, stopped, epochs = [] }: Judged, metric: Metric): number | undefined {
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
