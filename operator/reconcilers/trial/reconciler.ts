// Brings one Trial to its end: applies reports, keeps one Pod for the current attempt, judges how a Pod ended or how long it
// keeps others waiting. State is read from the cache, decisions are pure (decide.ts), the status is written once at the end.
import { isBeingRestored, type Trial, type TrialStatus } from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  type Clock,
  type ClockSteps,
  type EventRecorder,
  ForbiddenError,
  InvalidError,
  keyOf,
  type Live,
  type Logger,
  type Metrics,
  NotFoundError,
  type ObjectCache,
  type ObjectClient,
  type ReconcileResult,
  type Reconciler,
  type Tracer,
} from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import { applyReport } from './apply-report.ts';
import { keptFrom } from './avoidance.ts';
import { type DecideOptions, decide } from './decide.ts';
import { deviceOfTrial, devicesOfTrial } from './devices.ts';
import type { Farewells } from './farewells.ts';
import { happeningOf } from './happenings.ts';
import { type Look, lookAt, type Outcome, podKey, podOf } from './look.ts';
import { type TrainerDefaults, trialPod } from './pod.ts';
import { hasEnded } from './pod-end.ts';
import { refused } from './refusal.ts';
import type { ReportInbox } from './report-inbox.ts';
import { EXIT_GRACE_MS } from './rungs.ts';
import { emptyStatus, isFinished, markFinished } from './status.ts';
import { tell, traceReport, trialAttributes, trialPlace } from './telling.ts';

export interface TrialReconcilerOptions extends DecideOptions {
  readonly trials: ObjectCache<Trial>;
  readonly trialClient: ObjectClient<Trial>;
  readonly pods: ObjectCache<Pod>;
  readonly podClient: ObjectClient<Pod>;
  readonly inbox: DecideOptions['inbox'] & Pick<ReportInbox, 'pending' | 'settle' | 'forget'>;
  readonly clock: Clock;
  readonly steps: ClockSteps;
  readonly trainer: TrainerDefaults;
  readonly farewells: Pick<Farewells, 'of'>;
  /** Whether the trial is ours to bring to its end. */
  readonly isOurs: (trial: Live<Trial>) => boolean;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

export function createTrialReconciler(options: TrialReconcilerOptions): Reconciler {
  const bornMs = options.clock.now();
  return {
    reconcile: async (key, { logger }) => {
      const trial = options.trials.get(key);
      if (trial === undefined || !concernsUs(trial, options)) return {};
      const { uid } = trial.metadata;
      const { status } = trial;
      if (status === undefined || !isFinished(status))
        return reconcileTrial(trial, { ...options, bornMs, logger });
      options.inbox.settle(uid, options.inbox.pending(uid));
      options.inbox.forget(uid);
      return tidyUp(trial, status, options);
    },
  };
}

const concernsUs = (trial: Live<Trial>, { isOurs }: TrialReconcilerOptions): boolean =>
  trial.metadata.deletionTimestamp === undefined && !isBeingRestored(trial) && isOurs(trial);

interface InHand extends TrialReconcilerOptions {
  readonly bornMs: number;
  readonly logger: Logger;
}

async function reconcileTrial(trial: Live<Trial>, options: InHand): Promise<ReconcileResult> {
  const { uid } = trial.metadata;
  const { inbox, tracer, bornMs } = options;
  const delivered = inbox.pending(uid);
  const before = trial.status ?? emptyStatus();
  const status = delivered.reduce((known, { report }) => applyReport(known, report), before);
  const pod = podOf(trial, status.attempt, options.pods);
  const nowMs = options.clock.now();
  const evenSinceMs = options.steps.evenSince();
  const devices = devicesOfTrial(trial.spec, options.trainer.template);
  const farewell = options.farewells.of(podKey(trial, status.attempt));
  const previous = podOf(trial, status.attempt - 1, options.pods);
  const seen = { trial, status, pod, previous, farewell, devices, nowMs, bornMs, evenSinceMs };
  const look = lookAt(seen);
  const span = tracer.start('reconcile', {
    parent: trialPlace(uid, tracer),
    attributes: trialAttributes(trial),
  });
  const outcome = await act(look, decide(look, options), options);
  if (outcome.status !== before) await write({ look, before, after: outcome.status }, options);
  inbox.settle(uid, delivered);
  for (const each of delivered) traceReport(each, tracer);
  if (outcome.status !== before || outcome.act !== undefined) span.end();
  return requeue(outcome);
}

interface Change {
  readonly look: Look;
  readonly before: TrialStatus;
  readonly after: TrialStatus;
}

async function write({ look, before, after }: Change, options: InHand): Promise<void> {
  const { trial, pod, nowMs } = look;
  const { resourceVersion } = trial.metadata;
  // Judged from a cache that may lag: whoever wrote meanwhile knows better.
  await options.trialClient.patchStatus(keyOf(trial), changes(after), { resourceVersion });
  const happening = happeningOf(before, after);
  if (happening !== undefined) options.events.record(trial, happening);
  const device = deviceOfTrial(trial.spec, options.trainer.template);
  tell({ trial, before, after, pod, device, nowMs }, options);
}

const requeue = ({ requeueAfter }: Outcome): ReconcileResult =>
  requeueAfter === undefined ? {} : { requeueAfter };

/** As a merge patch: what went away is null. */
const changes = (status: TrialStatus) => ({
  ...status,
  failure: status.failure ?? null,
  ...(status.rungs === undefined ? {} : { result: status.result ?? null }),
});

/** Does what was decided; a Pod that can never be made ends the trial. */
async function act(
  { trial, status, judgement }: Look,
  outcome: Outcome,
  { podClient, trainer, avoidedBy }: TrialReconcilerOptions,
): Promise<Outcome> {
  if (outcome.act === undefined) return outcome;
  const pod = keptFrom(trialPod(trial, status.attempt, trainer), avoidedBy(trial)) as Pod;
  try {
    if (outcome.act === 'create pod') await podClient.create(pod);
    else await podClient.delete(keyOf(pod));
  } catch (error) {
    if (error instanceof InvalidError) {
      const message = `its Pod is refused: ${error.message}`;
      const end = { condition: 'Failed', reason: 'InvalidInput', message } as const;
      return { status: markFinished(status, end, judgement) };
    }
    if (error instanceof ForbiddenError) return refused(status, error, judgement);
    // The name says which attempt it is: one that exists, or one that is gone already, is what was wanted.
    if (!(error instanceof AlreadyExistsError) && !(error instanceof NotFoundError)) throw error;
  }
  return outcome;
}

/** Deletes the Pod of a finished trial that does not end by itself. */
async function tidyUp(
  trial: Live<Trial>,
  status: TrialStatus,
  { pods, podClient, clock }: TrialReconcilerOptions,
): Promise<ReconcileResult> {
  const pod = podOf(trial, status.attempt, pods);
  if (pod === undefined || hasEnded(pod) || pod.metadata.deletionTimestamp !== undefined) return {};
  const left = Date.parse(status.completionTime ?? '') + EXIT_GRACE_MS - clock.now();
  if (left > 0) return { requeueAfter: left };
  const { uid } = pod.metadata;
  await podClient.delete(keyOf(pod), { uid }).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
  });
  return {};
}
