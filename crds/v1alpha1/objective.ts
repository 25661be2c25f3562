// What a search may optimise and what it may rule out: metrics of a trial, objectives, and constraints with how far a trial is
// outside of them. Operator and trainer judge by the same function.
import { z } from 'zod';

export const METRICS = [
  'accuracy',
  'loss',
  'robustAccuracy',
  'parameters',
  'macs',
  'picturesPerSecond',
  'latency',
  'synflow',
  'alignmentAtInit',
] as const;
export type Metric = (typeof METRICS)[number];

/** Metrics that cost time, and are measured only where an objective or a constraint names them. */
export const MEASURED_ON_DEMAND = [
  'robustAccuracy',
  'latency',
  'synflow',
  'alignmentAtInit',
] as const satisfies readonly Metric[];

/** Metrics that are known before the first step. */
const KNOWN_EARLY: readonly Metric[] = ['parameters', 'macs', 'synflow', 'alignmentAtInit'];

/** Metrics that are a share of something. */
const SHARES = "['accuracy', 'robustAccuracy']";

const MetricName = z
  .enum(METRICS)
  .describe(
    'Metric of a trial; accuracy, robustAccuracy and loss are those of the held-out pictures.',
  );

export const Objective = z
  .object({
    metric: MetricName,
    goal: z.enum(['maximize', 'minimize']).describe('Which way is better.'),
    target: z.number().optional().describe('Value at which the search may stop.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: `(!(self.metric in ${SHARES}) || self.goal == 'maximize') && (!(self.metric in ['loss', 'latency']) || self.goal == 'minimize')`,
        message: 'accuracy and robustAccuracy are maximized, loss and latency are minimized',
        fieldPath: '.goal',
      },
      {
        rule: '!has(self.target) || self.target >= 0.0',
        message: 'target is at least 0',
        fieldPath: '.target',
      },
      {
        rule: `!(self.metric in ${SHARES}) || !has(self.target) || self.target <= 1.0`,
        message: 'a target of accuracy is at most 1',
        fieldPath: '.target',
      },
    ],
  });
export type Objective = z.infer<typeof Objective>;

export const Constraint = z
  .object({
    metric: MetricName,
    min: z.number().optional().describe('Least value of a feasible network.'),
    max: z.number().optional().describe('Largest value of a feasible network.'),
  })
  .meta({
    'x-kubernetes-validations': [
      { rule: 'has(self.min) || has(self.max)', message: 'a constraint has a min, a max, or both' },
      {
        rule: '!has(self.min) || !has(self.max) || self.min <= self.max',
        message: 'min is at most max',
        fieldPath: '.min',
      },
      {
        rule: `!(self.metric in ${SHARES}) || !has(self.min) || self.min <= 1.0`,
        message: 'a min of accuracy is at most 1',
        fieldPath: '.min',
      },
    ],
  });
export type Constraint = z.infer<typeof Constraint>;

/** At most one a metric. */
export const Constraints = z
  .array(Constraint)
  .max(METRICS.length)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['metric'] });

/** A constraint that does not hold. */
export interface Breach {
  readonly metric: Metric;
  readonly value: number;
  readonly side: 'min' | 'max';
  readonly bound: number;
}

/** Of the constraints that speak of a metric that is known. */
export const breachesOf = (
  constraints: readonly Constraint[],
  metrics: Readonly<Partial<Record<Metric, number | undefined>>>,
): Breach[] =>
  constraints.flatMap(({ metric, min, max }): Breach[] => {
    const value = metrics[metric];
    if (value === undefined) return [];
    if (max !== undefined && value > max) return [{ metric, value, side: 'max', bound: max }];
    if (min !== undefined && value < min) return [{ metric, value, side: 'min', bound: min }];
    return [];
  });

/** Constraints by which a network may be ruled out before its first step. */
export const earlyConstraints = (constraints: readonly Constraint[]): Constraint[] =>
  constraints.filter(({ metric }) => KNOWN_EARLY.includes(metric));

/**
 * The overall violation (Deb et al. 2002, section VI A): the sum of how far each value is beyond its bound, as a part of the bound;
 * of a bound of 0 as it is. 0 where nothing is breached; finite, since JSON knows no infinity.
 */
export function violationOf(breaches: readonly Breach[]): number {
  const sum = breaches.reduce(
    (total, { value, bound }) => total + Math.abs(value - bound) / (Math.abs(bound) || 1),
    0,
  );
  return Math.min(sum, Number.MAX_VALUE);
}

/** `parameters 12000 is above max 10000`. */
export const breachText = ({ metric, value, side, bound }: Breach): string =>
  `${metric} ${Number(value.toPrecision(6))} is ${side === 'max' ? 'above' : 'below'} ${side} ${bound}`;
