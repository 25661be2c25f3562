// The interface of schedulers: how long each network trains (design D10). Members lie beside this file; every one passes
// test/cases/scheduler.cases.ts.
import type { Objective, Scheduling, Stopping } from '../../../crds/index.ts';
import type { Outcome } from '../algorithm.ts';

export type SchedulerName = Scheduling['name'];

export interface SchedulerContext {
  readonly settings: Scheduling;
  /** Of a whole training. */
  readonly epochs: number;
  readonly objectives: readonly Objective[];
}

/** How far a network trains now. */
export interface Plan {
  /** From the first one. */
  readonly epochs: number;
  /** Whether it waits afterwards, with its checkpoint, for a promotion. */
  readonly pauses: boolean;
  /** When it ends before. */
  readonly stopping?: Stopping;
}

/** What a free place is for. `none`: nothing may be begun before the next report. */
export type Next =
  | { readonly kind: 'start' | 'none' }
  | { readonly kind: 'promote'; readonly index: number };

/** A network has trained as far as its plan says, or has ended. */
export interface RungReport {
  readonly index: number;
  readonly outcome: Outcome;
  /** Whether nothing follows, whatever the scheduler may want: it failed, diverged, was stopped, or its search let it go. */
  readonly ended: boolean;
  /** First objective after each epoch, where the scheduler reads curves. */
  readonly curve?: readonly number[];
}

export interface Planned<State> {
  readonly state: State;
  readonly plan: Plan;
}

/**
 * Pure, its state plain JSON, as a search algorithm is. What it decides depends on the order of reports and decisions
 * alone; reports may come in any order.
 *
 * `decide` is asked when a place is free; `mayStart` says whether there may be one more network: where there may not, rungs
 * that wait for more networks close with those they have. `start` and `promote` say that the decision was acted on: they are
 * taken as facts, so that a history that lost its order can be told as well.
 *
 * `report` is called once a rung and network, and once more with `ended` for one that paused and is let go. One that failed or
 * diverged is never promoted; a diverged one counts among its rung, one that failed or was not trained as if it had not been.
 */
export interface Scheduler<State = unknown> {
  /** Whether it pauses networks, so that there are promotions. */
  readonly hasRungs: boolean;
  /** Whether reports need the curve. */
  readonly readsCurves: boolean;
  init(context: SchedulerContext): State;
  decide(state: State, of: { readonly mayStart: boolean }): Next;
  /** The network `index` takes a place. */
  start(state: State, index: number): Planned<State>;
  promote(state: State, index: number): Planned<State>;
  report(state: State, report: RungReport): State;
}
