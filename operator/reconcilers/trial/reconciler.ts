// Brings one Trial to its end: applies reports, keeps one Pod for the current attempt, judges how a Pod ended.
// State is read from the cache, decisions are pure, the status is written once at the end.
import type { Trial, TrialStatus } from '../../../crds/index.ts';
import {
  AlreadyExistsError,
  type Clock,
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

export const createTrialReconciler = (options: TrialReconcilerOptions): Reconciler => ({
  reconcile: async (key) => {
    const trial = options.trials.get(key);
    if (trial === undefined || trial.metadata.deletionTimestamp !== undefined) return {};
    const { uid } = trial.metadata;
    const delivered = options.inbox.pending(uid);
    const before = trial.status ?? emptyStatus();
    if (isFinished(before)) {
      options.inbox.settle(uid, delivered);
      return {};
    }
    const reported = delivered.reduce((status, { report }) => applyReport(status, report), before);
    const outcome = decide(trial, reported, options);
    await act(trial, outcome, options);
    if (outcome.status !== before)
      await options.trialClient.patchStatus(key, changes(outcome.status));
    options.inbox.settle(uid, delivered);
    return requeue(outcome);
  },
});

const requeue = ({ requeueAfter }: Outcome): ReconcileResult =>
  requeueAfter === undefined ? {} : { requeueAfter };

/** As a merge patch: what went away is null. */
const changes = (status: TrialStatus) => ({ ...status, failure: status.failure ?? null });

function podOf(
  trial: Trial,
  attempt: number,
  { pods }: TrialReconcilerOptions,
): Live<Pod> | undefined {
  return pods.get({ namespace: trial.metadata.namespace ?? '', name: podName(trial, attempt) });
}

function decide(trial: Live<Trial>, status: TrialStatus, options: TrialReconcilerOptions): Outcome {
  const judgement: Judgement = {
    generation: trial.metadata.generation ?? 0,
    now: new Date(options.clock.now()).toISOString(),
  };
  const pod = podOf(trial, status.attempt, options);
  const end = pod === undefined ? undefined : endOf(pod, options.clock.now());
  if (pod !== undefined && end !== undefined)
    return afterEnd({ status, end, pod }, judgement, options);
  if (options.isSuspended(trial)) return whileSuspended(status, pod, judgement);
  if (pod === undefined) {
    const why = { reason: 'Pending', message: 'waits for a Pod' } as const;
    return {
      status: status.conditions.length > 0 ? status : markWaiting(status, why, judgement),
      act: 'create pod',
    };
  }
  return { status: isRunning(pod) ? markRunning(status, judgement) : status };
}

function whileSuspended(status: TrialStatus, pod: Pod | undefined, judgement: Judgement): Outcome {
  const why = { reason: 'Suspended', message: 'the search is suspended' } as const;
  const waiting = markWaiting(status, why, judgement);
  const told = status.conditions.some(({ reason }) => reason === 'Suspended') ? status : waiting;
  return pod === undefined || pod.metadata.deletionTimestamp !== undefined
    ? { status: told }
    : { status: told, act: 'delete pod' };
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

async function act(
  trial: Trial,
  { act: action, status }: Outcome,
  options: TrialReconcilerOptions,
): Promise<void> {
  if (action === undefined) return;
  const { podClient, trainer } = options;
  const pod = trialPod(trial, status.attempt, trainer);
  try {
    if (action === 'create pod') await podClient.create(pod as Pod);
    else await podClient.delete(keyOfPod(pod as Pod));
  } catch (error) {
    // The name says which attempt it is: one that exists, or one that is gone already, is what was wanted.
    if (!(error instanceof AlreadyExistsError) && !(error instanceof NotFoundError)) throw error;
  }
}

const keyOfPod = ({ metadata }: Pod): ObjectKey => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});
