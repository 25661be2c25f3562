// Brings one Trial to its end: applies reports, keeps the Pods of the current attempt, judges how a Pod ended or how long it
// keeps others waiting. State is read from the cache, decisions are pure (decide.ts), the status is written once at the end.
import { isBeingRestored, type Trial, type TrialStatus } from '../../../crds/index.ts';
import {
  type Clock,
  type ClockSteps,
  type EventRecorder,
  keyOf,
  type Live,
  type Logger,
  type Metrics,
  type ObjectCache,
  type ObjectClient,
  type ReconcileResult,
  type Reconciler,
  type Tracer,
} from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import { applyReport } from './apply-report.ts';
import { type CarryOutOptions, carryOut, forAll, removeAll } from './carry-out.ts';
import { type Crew, crewOf, isAlive } from './crew.ts';
import { type DecideOptions, decide } from './decide.ts';
import { deviceOfTrial, devicesOfTrial } from './devices.ts';
import type { Farewells } from './farewells.ts';
import { happeningOf } from './happenings.ts';
import { type Look, lookAt, membersOf, type Outcome } from './look.ts';
import { EXIT_GRACE_MS, hasEnded, startedMs } from './pod-end.ts';
import type { ReportInbox } from './report-inbox.ts';
import { emptyStatus, isFinished } from './status.ts';
import { tell, traceReport, trialAttributes, trialPlace } from './telling.ts';

export interface TrialReconcilerOptions extends DecideOptions, CarryOutOptions {
  readonly trials: ObjectCache<Trial>;
  readonly trialClient: ObjectClient<Trial>;
  readonly pods: ObjectCache<Pod>;
  readonly inbox: DecideOptions['inbox'] & Pick<ReportInbox, 'pending' | 'settle' | 'forget'>;
  readonly clock: Clock;
  readonly steps: ClockSteps;
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
  const { inbox, tracer } = options;
  const delivered = inbox.pending(uid);
  const before = trial.status ?? emptyStatus();
  const status = delivered.reduce((known, { report }) => applyReport(known, report), before);
  const { look, crew } = seenOf(trial, status, options);
  const span = tracer.start('reconcile', {
    parent: trialPlace(uid, tracer),
    attributes: trialAttributes(trial),
  });
  const decided = forAll(decide(look, options), look, crew);
  const outcome = await carryOut(look, decided, { ...options, crew });
  if (outcome.status !== before) await write({ look, before, after: outcome.status }, options);
  inbox.settle(uid, delivered);
  for (const each of delivered) traceReport(each, tracer);
  if (outcome.status !== before || outcome.act !== undefined) span.end();
  return requeue(outcome);
}

function seenOf(
  trial: Live<Trial>,
  status: TrialStatus,
  options: InHand,
): { readonly look: Look; readonly crew: Crew } {
  const { clock, steps, trainer, bornMs } = options;
  const now = { nowMs: clock.now(), evenSinceMs: steps.evenSince() };
  const members = membersOf(trial, status.attempt, options);
  const crew = crewOf(members, now);
  const before = membersOf(trial, status.attempt - 1, options).flatMap(({ pod }) => pod ?? []);
  const seen = {
    trial,
    status,
    pod: crew.pod,
    ranSeconds: crew.ranSeconds,
    previous: before.find((pod) => startedMs(pod) === undefined) ?? before[0],
    farewell: members.find(({ farewell }) => farewell !== undefined)?.farewell,
    devices: devicesOfTrial(trial.spec, trainer.template),
    bornMs,
    ...now,
  };
  return { look: lookAt(seen), crew };
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

/** Deletes Pods of a finished trial that do not end by themselves; where the first worker is gone, others wait for it in vain. */
async function tidyUp(
  trial: Live<Trial>,
  status: TrialStatus,
  options: TrialReconcilerOptions,
): Promise<ReconcileResult> {
  const pods = membersOf(trial, status.attempt, options).map(({ pod }) => pod);
  const alive = pods.filter((pod) => pod !== undefined).filter(isAlive);
  const [first] = pods;
  if (alive.length === 0) return {};
  const left = Date.parse(status.completionTime ?? '') + EXIT_GRACE_MS - options.clock.now();
  if (left > 0 && first !== undefined && !hasEnded(first)) return { requeueAfter: left };
  await removeAll(alive, options.podClient);
  return {};
}
