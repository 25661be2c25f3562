// Successive halving in brackets, in step (Jamieson & Talwalkar 2016): the networks of a bracket train equally long, and when all
// of a rung have reported the best 1/eta of them go on. Places that are free meanwhile begin the next bracket. Successive
// halving and Hyperband differ in the brackets that they open.
import type { Objective } from '../../../crds/index.ts';
import { EMPTY_RUNG, type Rung, withEnded, withMember, withPromoted } from './rung.ts';
import type { Next, Planned, RungReport } from './scheduler.ts';
import { PromotionError } from './starting.ts';

export interface BracketPlan {
  /** That begin together, n. */
  readonly networks: number;
  /** Epochs of each rung. */
  readonly epochs: readonly number[];
}

interface Stage extends Rung {
  /** Networks sent to this rung, by index. */
  readonly entrants: readonly number[];
  /** Entrants that failed, or were not trained. */
  readonly failed: readonly number[];
}

export interface Bracket {
  /** Which of the plans. */
  readonly plan: number;
  /** Rungs that networks were sent to. */
  readonly stages: readonly Stage[];
}

export interface BracketsState {
  readonly objectives: readonly Objective[];
  readonly eta: number;
  /** Opened in turn, again and again. */
  readonly plans: readonly BracketPlan[];
  readonly opened: number;
  /** Those in which anything may yet happen, in the order of their opening. */
  readonly brackets: readonly Bracket[];
}

const EMPTY_STAGE: Stage = { ...EMPTY_RUNG, entrants: [], failed: [] };
const NO_PLAN: BracketPlan = { networks: 1, epochs: [1] };

export function openBrackets(
  plans: readonly BracketPlan[],
  of: Pick<BracketsState, 'eta' | 'objectives'>,
): BracketsState {
  return { ...of, plans, opened: 0, brackets: [] };
}

const planOf = ({ plans }: BracketsState, { plan }: Pick<Bracket, 'plan'>): BracketPlan =>
  plans[plan] ?? NO_PLAN;

const planTo = ({ epochs }: BracketPlan, k: number) => ({
  epochs: epochs[k] ?? 1,
  pauses: k < epochs.length - 1,
});

/** The older bracket first, in it the higher rung. */
export function decide(state: BracketsState, { mayStart }: { readonly mayStart: boolean }): Next {
  for (const bracket of state.brackets) {
    for (let k = bracket.stages.length - 1; k >= 0; k -= 1) {
      if (!isClosed(state, bracket, k, mayStart)) continue;
      const [survivor] = waiting(state, bracket, k);
      if (survivor !== undefined) return { kind: 'promote', index: survivor };
    }
  }
  return { kind: mayStart ? 'start' : 'none' };
}

/** Into the bracket that has room, or a new one. */
export function start(state: BracketsState, index: number): Planned<BracketsState> {
  const at = state.brackets.findIndex((bracket) => hasRoom(state, bracket));
  const plan = at === -1 ? state.opened % state.plans.length : (state.brackets[at]?.plan ?? 0);
  const before = state.brackets[at] ?? { plan, stages: [EMPTY_STAGE] };
  const bracket = withStage(before, 0, (stage) => entered(stage, index));
  return {
    state:
      at === -1
        ? { ...state, opened: state.opened + 1, brackets: [...state.brackets, bracket] }
        : { ...state, brackets: state.brackets.with(at, bracket) },
    plan: planTo(planOf(state, bracket), 0),
  };
}

export function promote(state: BracketsState, index: number): Planned<BracketsState> {
  const at = placeOf(state, index);
  const bracket = state.brackets[at];
  const k = bracket === undefined ? -1 : stageOf(bracket, index);
  const plan = planOf(state, bracket ?? { plan: 0 });
  const waits = bracket?.stages[k]?.members.some((member) => member.index === index) ?? false;
  if (bracket === undefined || !waits || k >= plan.epochs.length - 1)
    throw new PromotionError(index, 'from no rung that it has reached');
  const left = withStage(bracket, k, (stage) => ({ ...stage, ...withPromoted(stage, index) }));
  const after = withStage(left, k + 1, (stage) => entered(stage, index));
  return { state: withBracket(state, at, after), plan: planTo(plan, k + 1) };
}

export function report(state: BracketsState, report: RungReport): BracketsState {
  const at = placeOf(state, report.index);
  const bracket = state.brackets[at];
  if (bracket === undefined) return state;
  const k = stageOf(bracket, report.index);
  return withBracket(state, at, withStage(bracket, k, reported(report, state.objectives)));
}

const reported =
  ({ index, outcome, ended }: RungReport, objectives: readonly Objective[]) =>
  (stage: Stage): Stage => {
    if (outcome.kind === 'scored') {
      const { kind: _, ...values } = outcome;
      return { ...stage, ...withMember(stage, { index, ...values, ended }, objectives) };
    }
    const isMember = stage.members.some((member) => member.index === index);
    return isMember
      ? { ...stage, ...withEnded(stage, index) }
      : { ...stage, failed: [...stage.failed, index] };
  };

const entered = (stage: Stage, index: number): Stage => ({
  ...stage,
  entrants: [...stage.entrants, index],
});

const withStage = (bracket: Bracket, k: number, change: (stage: Stage) => Stage): Bracket => ({
  ...bracket,
  stages: bracket.stages.toSpliced(k, 1, change(bracket.stages[k] ?? EMPTY_STAGE)),
});

/** Without the bracket, once nothing may happen in it. */
function withBracket(state: BracketsState, at: number, bracket: Bracket): BracketsState {
  const brackets = isOver(state, bracket)
    ? state.brackets.toSpliced(at, 1)
    : state.brackets.with(at, bracket);
  return { ...state, brackets };
}

const placeOf = ({ brackets }: BracketsState, index: number): number =>
  brackets.findIndex(({ stages }) => stages[0]?.entrants.includes(index));

/** The highest rung it was sent to. */
const stageOf = ({ stages }: Bracket, index: number): number =>
  stages.findLastIndex(({ entrants }) => entrants.includes(index));

/** Once one was promoted, the lowest rung takes no more. */
const hasRoom = (state: BracketsState, bracket: Bracket): boolean =>
  bracket.stages.length === 1 &&
  (bracket.stages[0]?.entrants.length ?? 0) < planOf(state, bracket).networks;

/** Whether every network that this rung will have has reported. */
function isClosed(state: BracketsState, bracket: Bracket, k: number, mayStart: boolean): boolean {
  const { entrants, members, failed } = bracket.stages[k] ?? EMPTY_STAGE;
  const growing =
    k === 0
      ? mayStart && hasRoom(state, bracket)
      : !isClosed(state, bracket, k - 1, mayStart) || waiting(state, bracket, k - 1).length > 0;
  return !growing && members.length + failed.length === entrants.length;
}

/** Of a closed rung, those that are to go on: floor(n/eta) of n, and one at least of a bracket that remained small. */
function waiting(state: BracketsState, bracket: Bracket, k: number): number[] {
  if (k >= planOf(state, bracket).epochs.length - 1) return [];
  const { entrants, members, promoted } = bracket.stages[k] ?? EMPTY_STAGE;
  const places = Math.max(1, Math.floor(entrants.length / state.eta)) - promoted.length;
  return members
    .filter(({ index, ended }) => !ended && !promoted.includes(index))
    .slice(0, Math.max(0, places))
    .map(({ index }) => index);
}

const isOver = (state: BracketsState, bracket: Bracket): boolean =>
  !hasRoom(state, bracket) &&
  bracket.stages.every((_, k) => isClosed(state, bracket, k, false)) &&
  bracket.stages.every((_, k) => waiting(state, bracket, k).length === 0);
