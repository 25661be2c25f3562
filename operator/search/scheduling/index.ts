// The schedulers by the names of the contract. Adding one: its file, a line here, and its name in crds.
import { asha } from './asha.ts';
import { hyperband } from './hyperband.ts';
import { medianStop } from './median-stop.ts';
import { none } from './none.ts';
import { plateauStop } from './plateau-stop.ts';
import type { Scheduler, SchedulerName } from './scheduler.ts';
import { successiveHalving } from './successive-halving.ts';

export type {
  Next,
  Plan,
  RungReport,
  Scheduler,
  SchedulerContext,
  SchedulerName,
} from './scheduler.ts';
export { PromotionError } from './starting.ts';

export const SCHEDULERS: Readonly<Record<SchedulerName, Scheduler>> = {
  none,
  asha,
  'successive-halving': successiveHalving,
  hyperband,
  'median-stop': medianStop,
  'plateau-stop': plateauStop,
};
