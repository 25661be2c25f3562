// Asynchronous successive halving (Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht & Talwalkar 2020, Algorithm 2): whenever a
// place is free, the best network that is in the top 1/eta of its rung goes on, highest rung first; where there is none, a new
// network starts in the lowest. A network that waits is paused.
import type { Objective } from '../../../crds/index.ts';
import {
  EMPTY_RUNG,
  type Member,
  type Rung,
  rungEpochs,
  withEnded,
  withMember,
  withPromoted,
} from './rung.ts';
import type { Scheduler } from './scheduler.ts';
import { PromotionError } from './starting.ts';

export interface AshaState {
  readonly objectives: readonly Objective[];
  readonly eta: number;
  /** Epochs of each rung; the last is the whole training. */
  readonly epochs: readonly number[];
  readonly rungs: readonly Rung[];
}

export const asha: Scheduler<AshaState> = {
  hasRungs: true,
  readsCurves: false,

  init({ settings, epochs, objectives }) {
    const { eta = 3, minEpochs = 1 } = settings;
    const all = rungEpochs(minEpochs, eta, epochs);
    return { objectives, eta, epochs: all, rungs: all.map(() => EMPTY_RUNG) };
  },

  decide(state, { mayStart }) {
    for (let k = state.rungs.length - 2; k >= 0; k -= 1) {
      const member = promotable(state.rungs[k] ?? EMPTY_RUNG, state.eta);
      if (member !== undefined) return { kind: 'promote', index: member.index };
    }
    return { kind: mayStart ? 'start' : 'none' };
  },

  start: (state) => ({ state, plan: planTo(state, 0) }),

  promote(state, index) {
    const k = rungOf(state, index);
    const isThere = state.rungs[k]?.members.some((member) => member.index === index) ?? false;
    if (!isThere || k === state.rungs.length - 1)
      throw new PromotionError(index, 'from no rung that it has reached');
    const promoted = changed(state, k, (rung) => withPromoted(rung, index));
    return { state: promoted, plan: planTo(state, k + 1) };
  },

  report(state, { index, outcome, ended }) {
    if (outcome.kind !== 'scored')
      return { ...state, rungs: state.rungs.map((rung) => withEnded(rung, index)) };
    const { kind: _, ...values } = outcome;
    const member = { index, ...values, ended };
    return changed(state, rungOf(state, index), (rung) =>
      withMember(rung, member, state.objectives),
    );
  },
};

const planTo = ({ epochs }: AshaState, k: number) => ({
  epochs: epochs[k] ?? 1,
  pauses: k < epochs.length - 1,
});

/** The one it waits at, or is on its way to. */
const rungOf = ({ rungs }: AshaState, index: number): number =>
  rungs.findLastIndex(({ promoted }) => promoted.includes(index)) + 1;

function changed(state: AshaState, k: number, change: (rung: Rung) => Rung): AshaState {
  return { ...state, rungs: state.rungs.map((rung, at) => (at === k ? change(rung) : rung)) };
}

/** The best of the top 1/eta that has not gone on. */
function promotable({ members, promoted }: Rung, eta: number): Member | undefined {
  const gone = new Set(promoted);
  return members
    .slice(0, Math.floor(members.length / eta))
    .find(({ index, ended }) => !ended && !gone.has(index));
}
