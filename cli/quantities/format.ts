// How durations, shares, counts and metrics read for people.
import type { Objective } from '../../crds/index.ts';

export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

export const formatPercent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Mean and standard deviation of accuracies: `84.10 ± 0.20 %`. */
export const formatSpread = (mean: number, deviation: number | undefined): string =>
  deviation === undefined
    ? formatPercent(mean)
    : `${(100 * mean).toFixed(2)} ± ${(100 * deviation).toFixed(2)} %`;

/** A difference of accuracies in points, hundredths of them, with a minus as mathematics writes it. */
export function formatPoints(share: number): string {
  const text = (100 * share).toFixed(2);
  return text === '-0.00' ? '0.00' : text.replace('-', '−');
}

const UNITS = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** Three digits or more: `68.9 k`, `7.03 M`. */
export function formatCount(count: number): string {
  for (const [unit, name] of UNITS) {
    if (count < unit) continue;
    const value = count / unit;
    return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)}${name}`;
  }
  return String(Math.round(count));
}

export const formatLoss = (loss: number): string =>
  Math.abs(loss) < 1e6 ? loss.toPrecision(4) : loss.toExponential(2);

/** Of a part of a second: `3.21 ms`. */
function formatLatency(seconds: number): string {
  const [value, unit] = seconds < 1e-3 ? [1e6 * seconds, 'µs'] : [1e3 * seconds, 'ms'];
  return seconds < 1 ? `${value.toPrecision(3)} ${unit}` : `${seconds.toPrecision(3)} s`;
}

const METRIC: Readonly<Record<Objective['metric'], (value: number) => string>> = {
  accuracy: formatPercent,
  loss: formatLoss,
  parameters: formatCount,
  macs: formatCount,
  picturesPerSecond: (value) => `${formatCount(value)}/s`,
  robustAccuracy: formatPercent,
  latency: formatLatency,
  synflow: (value) => value.toExponential(2),
  alignmentAtInit: (value) => value.toFixed(3),
};

export const formatMetric = (metric: Objective['metric'], value: number): string =>
  METRIC[metric](value);

/** All of a trial's objectives, each as its metric reads. */
export const formatObjectives = (
  objectives: readonly Pick<Objective, 'metric'>[],
  values: readonly number[],
): string =>
  objectives
    .flatMap(({ metric }, k) => {
      const value = values[k];
      return value === undefined ? [] : [formatMetric(metric, value)];
    })
    .join(' / ');
