// The numbers of a trial by epoch, by the names that TensorBoard and MLflow show. Pure.
import { type EpochMetrics, METRICS } from '../../crds/index.ts';
import type { ResultTrial } from '../result/index.ts';

export interface Scalar {
  readonly name: string;
  readonly value: number;
  /** Epoch, from 1; 0 of a trial without any. */
  readonly step: number;
  /** ms since 1970; when the epoch, or the trial, had ended, as far as is known. */
  readonly time: number;
}

const CURVES = {
  loss: 'train/loss',
  accuracy: 'train/accuracy',
  validationLoss: 'validation/loss',
  validationAccuracy: 'validation/accuracy',
  gradientAngle: 'gradient angle',
  learningRate: 'learning rate',
  picturesPerSecond: 'pictures per second',
} as const satisfies { readonly [K in keyof EpochMetrics]?: string };

/** By epoch, then those of the whole trial, at its last epoch. Numbers that were not finite are left out. */
export function trialScalars(trial: ResultTrial): Scalar[] {
  const { epochs, metrics, startTime, completionTime } = trial;
  const start = Date.parse(startTime ?? completionTime ?? '') || 0;
  const curves = epochs.flatMap((each, i) => {
    const seconds = epochs.slice(0, i + 1).reduce((sum, epoch) => sum + epoch.seconds, 0);
    return Object.entries(CURVES).flatMap(([metric, name]) => {
      const value = each[metric as keyof typeof CURVES];
      if (typeof value !== 'number') return [];
      return [{ name, value, step: each.epoch, time: start + 1000 * seconds }];
    });
  });
  const end = { step: epochs.at(-1)?.epoch ?? 0, time: Date.parse(completionTime ?? '') || start };
  const whole = [...METRICS, 'testAccuracy', 'testLoss'] as const;
  const finals = whole.flatMap((metric) => {
    const value = metrics?.[metric];
    return typeof value === 'number' ? [{ name: `trial/${metric}`, value, ...end }] : [];
  });
  return [...curves, ...finals];
}
