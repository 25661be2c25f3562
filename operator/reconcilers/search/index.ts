// Door of the search's reconciler.
export { controlsOfNetwork } from './final-stage.ts';
export {
  isTrialRecord,
  type LedgerRecord,
  recordSchema,
  toEvent,
} from './ledger-records.ts';
export { createSearchReconciler, OWNER_INDEX, type SearchReconcilerOptions } from './reconciler.ts';
export { networkOf, TrialRecord } from './record.ts';
export { createSweep } from './sweep.ts';
