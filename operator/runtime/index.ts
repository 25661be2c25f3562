// The door of the runtime: the machinery that any Kubernetes controller needs. It knows no product word.
export type { Clock } from './clock.ts';
export { ClockSteps } from './clock-steps.ts';
export { Controller, type ControllerOptions } from './controller.ts';
export {
  aborted,
  type Deadline,
  DeadlineExceededError,
  underDeadline,
  withinDeadline,
} from './deadline.ts';
export {
  createEventRecorder,
  EVENTS,
  type EventRecorder,
  type EventRecorderOptions,
  type Happening,
  type KubernetesEvent,
  noEvents,
} from './event-recorder.ts';
export { type FairOptions, fairBetween } from './fair-keys.ts';
export { type ChangeHandler, Informer, type InformerOptions } from './informer.ts';
export {
  LeaderElector,
  type LeaderElectorOptions,
  LeadershipLostError,
} from './leader-election.ts';
export { LEASE, type Lease, type LeaseSpec } from './lease.ts';
export {
  Manager,
  type ManagerOptions,
  type Runnable,
  RunnableFailedError,
  type SyncedRunnable,
} from './manager.ts';
export * from './object.ts';
export {
  byLabel,
  byOwnerUid,
  type CacheChange,
  type IndexFunction,
  ObjectCache,
} from './object-cache.ts';
export type * from './object-client.ts';
export * from './object-errors.ts';
export * from './observability.ts';
export {
  type Backoff,
  backoffMs,
  defaultRateLimiter,
  exponentialBackoff,
  longestOf,
  type RateLimiter,
  tokenBucket,
} from './rate-limiter.ts';
export { firstInFirstOut, type ReadyKeys } from './ready-keys.ts';
export {
  type ReconcileContext,
  type ReconcileResult,
  type Reconciler,
  TerminalError,
} from './reconciler.ts';
export { compareVersions, isNewer } from './resource-version.ts';
export { controllerOfEach, eachObject, keysFrom, type Source } from './source.ts';
export { systemClock } from './system-clock.ts';
export * from './tracing.ts';
export { WorkQueue, type WorkQueueOptions } from './work-queue.ts';
export { writeThrough } from './write-through.ts';
