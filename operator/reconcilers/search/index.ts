// Door of the search's reconciler.
export { controlsOfNetwork, finalStage } from './final-stage.ts';
export {
  type EventRecord,
  isEvent,
  isTrialRecord,
  isWarmStart,
  type LedgerRecord,
  recordSchema,
  toEvent,
  type WarmStartRecord,
} from './ledger-records.ts';
export { takeFrom } from './other-search.ts';
export { withTaken } from './recall.ts';
export { createSearchReconciler, type SearchReconcilerOptions } from './reconciler.ts';
export { networkOf, recordOf, TrialRecord } from './record.ts';
export { createSweep } from './sweep.ts';
export { searchTrial } from './trial-object.ts';
