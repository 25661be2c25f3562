// Brings one Trial to its end: applies reports, keeps one Pod for the current attempt, judges how a Pod ended.
// State is read from the cache, decisions are pure, the status is written once at the end.
import type { Trial, TrialStatus } from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  type Clock,
  controllerOf,
  InvalidError,
  type Live,
  NotFoundError,
  type ObjectCache,
  type ObjectClient,
  type ObjectKey,
  type ReconcileResult,
  type Reconciler,
} from '../../runtime/index.ts';
import type { Judgement } from '../conditions.ts';
import type { Pod } from '../objects.ts';
import { applyReport } from './apply-report.ts';
import { podName, type TrainerDefaults, trialPod } from './pod.ts';
import { endOf, isRunning, runSeconds } from './pod-end.ts';
import { judgeEnd, type PodEnd } from './policies.ts';
import type { ReportInbox } from './report-inbox.ts';
import {
  emptyStatus,
  isFinished,
  markAgain,
  markFinished,
  markRunning,
  markWaiting,
  runningSince,
} from './status.ts';

export interface TrialReconcilerOptions {
  readonly trials: ObjectCache<Trial>;
  readonly trialClient: ObjectClient<Trial>;
  readonly pods: ObjectCache<Pod>;
  readonly podClient: ObjectClient<Pod>;
  readonly inbox: Pick<ReportInbox, 'pending' | 'settle'>;
  readonly clock: Clock;
  readonly trainer: TrainerDefaults;
  /** Whether the search that owns the trial wants its Pods gone. */
  readonly isSuspended: (trial: Trial) => boolean;
  readonly retryLimit: number;
}

/** What one look at the world leads to. */
interface Outcome {
  readonly status: TrialStatus;
  readonly act?: 'create pod' | 'delete pod';
  readonly requeueAfter?: number;
}

/** One look at one trial. */
interface Look {
  readonly trial: Live<Trial>;
  readonly status: TrialStatus;
  readonly nowMs: number;
  readonly judgement: Judgement;
}

export function createTrialReconciler(options: TrialReconcilerOptions): Reconciler {
  const bornMs = options.clock.now();
  return {
    reconcile: async (key) => {
      const trial = options.trials.get(key);
      if (trial === undefined || trial.metadata.deletionTimestamp !== undefined) return {};
      const { uid, resourceVersion } = trial.metadata;
      const delivered = options.inbox.pending(uid);
      const before = trial.status ?? emptyStatus();
      if (isFinished(before)) {
        options.inbox.settle(uid, delivered);
        return {};
      }
      const status = delivered.reduce((known, { report }) => applyReport(known, report), before);
      const look = lookAt(trial, status, options.clock.now());
      const outcome = await act(look, decide(look, options, bornMs), options);
      // Judged from a cache that may lag: whoever wrote meanwhile knows better.
      if (outcome.status !== before)
        await options.trialClient.patchStatus(key, changes(outcome.status), { resourceVersion });
      options.inbox.settle(uid, delivered);
      return requeue(outcome);
    },
  };
}

const lookAt = (trial: Live<Trial>, status: TrialStatus, nowMs: number): Look => ({
  trial,
  status,
  nowMs,
  judgement: {
    generation: trial.metadata.generation ?? 0,
    now: new Date(nowMs).toISOString(),
  },
});

const requeue = ({ requeueAfter }: Outcome): ReconcileResult =>
  requeueAfter === undefined ? {} : { requeueAfter };

/** As a merge patch: what went away is null. */
const changes = (status: TrialStatus) => ({ ...status, failure: status.failure ?? null });

function podOf(
  trial: Live<Trial>,
  attempt: number,
  { pods }: TrialReconcilerOptions,
): Live<Pod> | undefined {
  const name = podName(trial, attempt);
  const pod = pods.get({ namespace: trial.metadata.namespace ?? '', name });
  // A namesake of another life: a search that was deleted and made anew.
  return pod !== undefined && controllerOf(pod)?.uid === trial.metadata.uid ? pod : undefined;
}

function decide(look: Look, options: TrialReconcilerOptions, bornMs: number): Outcome {
  const { trial, status, nowMs, judgement } = look;
  const pod = podOf(trial, status.attempt, options);
  if (pod === undefined) return withoutPod(look, options, bornMs);
  const end = endOf(pod, { nowMs, sinceMs: bornMs });
  if (end !== undefined) return afterEnd({ status, end, pod }, judgement, options);
  if (options.isSuspended(trial) && pod.metadata.deletionTimestamp === undefined)
    return { status, act: 'delete pod' };
  return { status: isRunning(pod) ? markRunning(status, judgement) : status };
}

function withoutPod(look: Look, options: TrialReconcilerOptions, bornMs: number): Outcome {
  const { trial, status, judgement } = look;
  if (runningSince(status) !== undefined) return afterLoss(look, bornMs);
  const suspended = options.isSuspended(trial);
  const why = suspended
    ? ({ reason: 'Suspended', message: 'the search is suspended' } as const)
    : ({ reason: 'Pending', message: 'waits for a Pod' } as const);
  const saysSo = status.conditions.some(({ reason }) => reason === 'Suspended');
  const told = status.conditions.length > 0 && saysSo === suspended;
  return {
    status: told ? status : markWaiting(status, why, judgement),
    ...(suspended ? {} : { act: 'create pod' }),
  };
}

/** The Pod ran and is gone without an end that anyone saw: deleted, or lost with its machine. Its time counts as far as it was watched. */
function afterLoss({ status, nowMs, judgement }: Look, bornMs: number): Outcome {
  const sinceMs = Math.max(runningSince(status) ?? nowMs, bornMs);
  const deviceSeconds = status.deviceSeconds + Math.max(0, nowMs - sinceMs) / 1000;
  const message = 'the Pod is gone: goes on from the checkpoint';
  const why = { reason: 'Interrupted', message, spendsRetry: false } as const;
  return { status: markAgain({ ...status, deviceSeconds }, why, judgement), requeueAfter: 0 };
}

function afterEnd(
  { status, end, pod }: { status: TrialStatus; end: PodEnd; pod: Pod },
  judgement: Judgement,
  { retryLimit }: TrialReconcilerOptions,
): Outcome {
  const verdict = judgeEnd({ status, end, retryLimit });
  if (verdict.kind === 'wait') return { status, requeueAfter: verdict.forMs };
  const spent = { ...status, deviceSeconds: status.deviceSeconds + runSeconds(pod) };
  if (verdict.kind === 'again')
    return { status: markAgain(spent, verdict, judgement), requeueAfter: 0 };
  if (verdict.kind === 'failed')
    return { status: markFinished(spent, { ...verdict, condition: 'Failed' }, judgement) };
  const reason = verdict.kind === 'diverged' ? 'Diverged' : 'Trained';
  const finish = { condition: 'Succeeded', reason, message: verdict.message } as const;
  return { status: markFinished(spent, finish, judgement) };
}

/** Does what was decided; a Pod that can never be made ends the trial. */
async function act(
  { trial, status, judgement }: Look,
  outcome: Outcome,
  { podClient, trainer }: TrialReconcilerOptions,
): Promise<Outcome> {
  if (outcome.act === undefined) return outcome;
  const pod = trialPod(trial, status.attempt, trainer) as Pod;
  try {
    if (outcome.act === 'create pod') await podClient.create(pod);
    else await podClient.delete(keyOfPod(pod));
  } catch (error) {
    if (error instanceof InvalidError) {
      const message = `its Pod is refused: ${error.message}`;
      const end = { condition: 'Failed', reason: 'InvalidInput', message } as const;
      return { status: markFinished(status, end, judgement) };
    }
    // The name says which attempt it is: one that exists, or one that is gone already, is what was wanted.
    if (!(error instanceof AlreadyExistsError) && !(error instanceof NotFoundError)) throw error;
  }
  return outcome;
}

const keyOfPod = ({ metadata }: Pod): ObjectKey => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});
