// Door of the reconcilers.

export { isSettled, isTrue } from './conditions.ts';
export { type Controllers, type ControllersOptions, createControllers } from './controllers.ts';
export { PODS, type Pod, type PodStatus, SEARCHES, TRIALS } from './objects.ts';
export type {
  Bus,
  Delivery,
  Ledger,
  LedgerEntry,
  Leftovers,
  OtherSearch,
  OtherSearches,
} from './ports.ts';
export {
  controlsOfNetwork,
  type EventRecord,
  finalStage,
  isEvent,
  isTrialRecord,
  isWarmStart,
  type LedgerRecord,
  networkOf,
  recordOf,
  recordSchema,
  searchTrial,
  TrialRecord,
  takeFrom,
  toEvent,
  type WarmStartRecord,
  withTaken,
} from './search/index.ts';
export {
  deviceOfTrial,
  devicesOfTrial,
  type EnvVar,
  groupOf,
  hasEnded,
  isFinished,
  isPaused,
  markAgain,
  overTemplate,
  type PodTemplate,
  podName,
  podPlaceOf,
  RESTRICTED,
  runningSince,
  SEARCH_LABEL,
  TRAINER_CONTAINER,
  TRIAL_LABEL,
  type TrainerDefaults,
  takesPlace,
} from './trial/index.ts';
