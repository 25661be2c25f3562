// The best trials of a search, by its objectives or by a metric. Pure.
import type { BioNASSearchSpec, Metric } from '../../crds/index.ts';
import { compareScored } from '../../operator/search/index.ts';
import type { Listing } from '../output/index.ts';
import { formatMetric } from '../quantities/index.ts';
import type { ResultTrial } from '../result/index.ts';
import {
  MORE,
  NETWORK,
  objectiveColumns,
  PARAMETERS,
  scoredTrials,
  TRIAL,
  trialObjectName,
} from '../trials/index.ts';

type Aims = Pick<BioNASSearchSpec, 'objectives'>;

/** Metrics of which less is better, where no objective says which way. */
const COSTS: readonly Metric[] = ['loss', 'parameters', 'macs', 'latency'];

/** Search trials with a score, best first; by a metric those that have it. */
export function bestTrials(
  trials: readonly ResultTrial[],
  { objectives }: Aims,
  { count, by }: { readonly count: number; readonly by?: Metric | undefined },
): ResultTrial[] {
  const scored = scoredTrials(trials);
  if (by === undefined)
    return scored
      .toSorted(compareScored(objectives))
      .slice(0, count)
      .map(({ trial }) => trial);
  const goal = objectives.find(({ metric }) => metric === by)?.goal;
  const sign = (goal ?? (COSTS.includes(by) ? 'minimize' : 'maximize')) === 'minimize' ? 1 : -1;
  const measured = metricOf(by, objectives);
  return scored
    .map(({ trial }) => trial)
    .filter((trial) => measured(trial) !== undefined)
    .toSorted((a, b) => sign * ((measured(a) ?? 0) - (measured(b) ?? 0)) || a.index - b.index)
    .slice(0, count);
}

/** As an objective where it is one: the trial was judged by that. */
const metricOf =
  (metric: Metric, objectives: Aims['objectives']) =>
  (trial: ResultTrial): number | undefined => {
    const k = objectives.findIndex((objective) => objective.metric === metric);
    return k >= 0 ? trial.objectives?.[k] : trial.metrics?.[metric];
  };

export function topListing(
  best: readonly ResultTrial[],
  spec: Aims,
  by?: Metric,
): Listing<ResultTrial> {
  const rank = new Map(best.map(({ name }, k) => [name, k + 1]));
  const isShown = spec.objectives.some(({ metric }) => metric === by) || by === 'parameters';
  return {
    rows: best,
    columns: [
      { title: 'RANK', value: ({ name }) => rank.get(name) },
      TRIAL,
      ...(by === undefined || isShown ? [] : [metricColumn(by, spec)]),
      ...objectiveColumns(spec),
      ...(spec.objectives.some(({ metric }) => metric === 'parameters') ? [] : [PARAMETERS]),
      ...MORE,
      NETWORK,
    ],
    name: trialObjectName,
    object: (trial) => trial,
  };
}

function metricColumn(metric: Metric, { objectives }: Aims) {
  const value = metricOf(metric, objectives);
  const text = (trial: ResultTrial) => {
    const found = value(trial);
    return found === undefined ? '' : formatMetric(metric, found);
  };
  return { title: metric.toUpperCase(), value, text };
}
