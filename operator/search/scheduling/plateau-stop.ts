// Plateau stopping: a trial ends when its last `patience` epochs gained less than minDelta over its best before them. It looks at
// the trial's own curve alone.
import type { Stopping } from '../../../crds/index.ts';
import { curveMetric } from './median-stop.ts';
import type { Scheduler } from './scheduler.ts';
import { neverPromotes } from './starting.ts';

interface PlateauStopState {
  readonly epochs: number;
  readonly stopping: Stopping;
}

export const plateauStop: Scheduler<PlateauStopState> = {
  ...neverPromotes,
  hasRungs: false,
  readsCurves: false,

  init: ({ settings, epochs, objectives }) => ({
    epochs,
    stopping: {
      metric: curveMetric(objectives),
      minEpochs: settings.minEpochs ?? 3,
      patience: settings.patience ?? 5,
      minDelta: settings.minDelta ?? 0.001,
    },
  }),

  start: (state) => ({
    state,
    plan: { epochs: state.epochs, pauses: false, stopping: state.stopping },
  }),

  report: (state) => state,
};
