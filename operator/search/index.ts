// Door of the search engine. Pure: no clock, no I/O, no Kubernetes; randomness comes from the search's seed.

export { againVariation } from './again.ts';
export type {
  Asked,
  Outcome,
  Proposal,
  Reason,
  Result,
} from './algorithm.ts';
export {
  type BudgetInput,
  type Decision,
  type DeviceTimeInput,
  mayPromote,
  mayPropose,
  mayTrainFinal,
} from './budget.ts';
export { controlsOf, type PlannedControl, THE_NETWORK } from './controls.ts';
export {
  type Claim,
  claimed,
  finalStageSeconds,
  type Overdraft,
  overdrawn,
  type Reserved,
} from './device-time.ts';
export {
  createEngine,
  type Engine,
  type EngineProposal,
  type EngineSpec,
  type EngineState,
  type Heard,
  type Progressing,
  UnexpectedResultError,
} from './engine.ts';
export { dominates, joinParetoSet, paretoSet } from './pareto.ts';
export { Random, type RandomState } from './random.ts';
export {
  type Aims,
  best,
  compareScored,
  curveOf,
  reachesTargets,
  type Scored,
  type Scoring,
  scoreOf,
} from './ranking.ts';
export {
  type History,
  type HistoryEvent,
  HistoryMismatchError,
  type ProposedTrial,
  replay,
  withEvent,
} from './replay.ts';
export { type Next, type Plan, PromotionError } from './scheduling/index.ts';
export { takeOver } from './take-over.ts';
export { type TakenResult, WarmStartError } from './warm-start.ts';
