// Door of the Trial's reconciler.
export { SEARCH_LABEL, type TrainerDefaults } from './pod.ts';
export { createTrialReconciler, type TrialReconcilerOptions } from './reconciler.ts';
export { ReportInbox, type ReportWatcher } from './report-inbox.ts';
export { isFinished, runningSince } from './status.ts';
