// Door of the Trial's reconciler.
export { type Device, deviceOf, deviceOfTrial, devicesOf, devicesOfTrial } from './devices.ts';
export { Farewells } from './farewells.ts';
export { groupOf } from './group.ts';
export { heldAmong, holdOf } from './held.ts';
export { SEARCH_LABEL, TRIAL_LABEL } from './marks.ts';
export {
  type AvoidedNode,
  avoidedNodes,
  LEAST_TROUBLE,
  speaksAgainstNode,
} from './node-trouble.ts';
export { DEADLINES, type Deadlines } from './patience.ts';
export {
  type EnvVar,
  type PodTemplate,
  podName,
  podPlaceOf,
  queueLabels,
  type TrainerDefaults,
} from './pod.ts';
export { hasEnded, startedMs } from './pod-end.ts';
export { overTemplate } from './pod-template.ts';
export { createTrialReconciler, type TrialReconcilerOptions } from './reconciler.ts';
export { ReportInbox, type ReportWatcher } from './report-inbox.ts';
export { RESTRICTED } from './restricted.ts';
export { isPaused, takesPlace } from './rungs.ts';
export { isFinished, isHeld, markAgain, runningSince } from './status.ts';
export { attemptPlace, searchPlace, trialPlace } from './telling.ts';
export { TRAINER_CONTAINER } from './trainer-container.ts';
