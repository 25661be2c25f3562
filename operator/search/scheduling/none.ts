// No scheduler: every network trains to the end.
import type { Scheduler } from './scheduler.ts';
import { neverPromotes } from './starting.ts';

interface NoneState {
  readonly epochs: number;
}

export const none: Scheduler<NoneState> = {
  ...neverPromotes,
  hasRungs: false,
  readsCurves: false,
  init: ({ epochs }) => ({ epochs }),
  start: (state) => ({ state, plan: { epochs: state.epochs, pauses: false } }),
  report: (state) => state,
};
