// The learning rate over time. Always that of the full length, so that a trial stopped early and resumed follows one curve.
import type { Training } from '../../crds/index.ts';

export interface ScheduleContext {
  readonly schedule: Training['schedule'];
  readonly peak: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

/** Share of the way from peak (1) to minimum (0) at `done` in [0, 1) of the time after the warm-up. */
const FALL: Readonly<Record<'constant' | 'cosine' | 'linear', (done: number) => number>> = {
  constant: () => 1,
  cosine: (done) => (1 + Math.cos(Math.PI * done)) / 2,
  linear: (done) => 1 - done,
};

/**
 * Learning rate of step `step` (0-based, over the whole training). Cosine and linear fall a little each step, as
 * NAS-Bench-201's do: over two epochs a rate that changes once an epoch would end high, with running statistics that lag.
 */
export function learningRateAt(step: number, context: ScheduleContext): number {
  const { schedule, peak, epochs, stepsPerEpoch } = context;
  const warmup = schedule.warmupEpochs * stepsPerEpoch;
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const epoch = Math.floor(step / stepsPerEpoch);
  if (schedule.name === 'exponential') return peak * schedule.gamma ** epoch;
  if (schedule.name === 'step') {
    const passed = schedule.milestones.filter((milestone) => epoch >= milestone).length;
    return peak * schedule.gamma ** passed;
  }
  const done = (step - warmup) / Math.max(1, epochs * stepsPerEpoch - warmup);
  return schedule.minimum + (peak - schedule.minimum) * FALL[schedule.name](done);
}
