// Median stopping (Golovin, Solnik, Moitra, Kochanski, Karro & Sculley 2017, section 3.2.1): a trial ends after epoch e when its
// best so far is worse than the median, over the trials that have ended, of their mean over epochs 1 to e. The medians are those
// of the trials that had ended when it began, so they travel in its spec and a replay comes to the same ones.
import type { Objective } from '../../../crds/index.ts';
import type { Scheduler } from './scheduler.ts';
import { neverPromotes } from './starting.ts';

export interface MedianStopState {
  readonly epochs: number;
  readonly minEpochs: number;
  readonly others: number;
  readonly metric: 'accuracy' | 'loss';
  /** Running averages of ended trials, the latest last: [epoch - 1]. */
  readonly averages: readonly (readonly number[])[];
}

/** Ended trials that are remembered. */
const REMEMBERED = 1000;

export const medianStop: Scheduler<MedianStopState> = {
  ...neverPromotes,
  hasRungs: false,
  readsCurves: true,

  init: ({ settings, epochs, objectives }) => ({
    epochs,
    minEpochs: settings.minEpochs ?? 3,
    others: settings.others ?? 3,
    metric: curveMetric(objectives),
    averages: [],
  }),

  start(state) {
    const { epochs, minEpochs, metric } = state;
    const bars = medians(state);
    const stopping = bars.length === 0 ? {} : { stopping: { metric, minEpochs, bars } };
    return { state, plan: { epochs, pauses: false, ...stopping } };
  },

  report(state, { curve = [] }) {
    if (curve.length === 0) return state;
    return { ...state, averages: [...state.averages, runningAverages(curve)].slice(-REMEMBERED) };
  },
};

/** The metric of the first objective, of those that every epoch has; the contract allows no other. */
export const curveMetric = (objectives: readonly Objective[]): 'accuracy' | 'loss' =>
  objectives[0]?.metric === 'loss' ? 'loss' : 'accuracy';

function runningAverages(curve: readonly number[]): number[] {
  let sum = 0;
  return curve.map((value, k) => {
    sum += value;
    return Number((sum / (k + 1)).toPrecision(6));
  });
}

/** One an epoch, as far as enough trials went. */
function medians({ averages, others, epochs }: MedianStopState): number[] {
  const bars: number[] = [];
  for (let k = 0; k < epochs; k += 1) {
    const known = averages.flatMap((average) => average[k] ?? []);
    if (known.length < others) break;
    bars.push(median(known));
  }
  return bars;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (low + high) / 2;
}
