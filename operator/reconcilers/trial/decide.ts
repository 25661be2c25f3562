// What one look at a Trial leads to: a new status, perhaps an act, perhaps another look later. Pure.
import {
  breachesOf,
  breachText,
  earlyConstraints,
  type Retry,
  type Trial,
  type TrialStatus,
} from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import { waitsInVain } from './avoidance.ts';
import type { Look, Outcome } from './look.ts';
import type { AvoidedNode } from './node-trouble.ts';
import { type Deadlines, type Patience, patienceWith } from './patience.ts';
import { endOf, hasEnded, isRunning, startedMs } from './pod-end.ts';
import { judgeEnd, type PodEnd } from './policies.ts';
import type { ReportInbox } from './report-inbox.ts';
import { atRung, isAtRung, markPaused, pausesWith } from './rungs.ts';
import { markAgain, markFinished, markRunning, markWaiting, runningSince } from './status.ts';

export interface DecideOptions {
  readonly inbox: Pick<ReportInbox, 'heard' | 'hearingSince'>;
  /** Why the search that owns the trial wants its Pod gone for now; undefined: it does not. */
  readonly heldBy: (trial: Live<Trial>) => string | undefined;
  /** What the search that owns the trial makes of failures. */
  readonly retryOf: (trial: Live<Trial>) => Retry;
  /** Nodes that its Pods stay away from for now. */
  readonly avoidedBy: (trial: Live<Trial>) => readonly AvoidedNode[];
  readonly deadlines: Deadlines;
}

/** A state is written once it has lasted this long: most trials then cost no write for waiting, short ones none for running. */
const NOTED_AFTER_MS = { waiting: 10_000, running: 1_000 };

/** From one Pod whose trainer never began to the next: longer with each attempt. */
const REST_MS = 10_000;
const LONGEST_REST_MS = 600_000;

export function decide(look: Look, options: DecideOptions): Outcome {
  const { trial, status, pod, nowMs, evenSinceMs } = look;
  if (isAtRung(status)) return atRung(look);
  if (status.result !== undefined) return afterResult(look);
  if (trial.spec.cancel !== undefined && !(pod && hasEnded(pod)))
    return cancelled(look, trial.spec.cancel);
  const held = options.heldBy(trial);
  if (pod === undefined) return withoutPod(look, held);
  const end = endOf(pod, { nowMs, sinceMs: options.inbox.hearingSince() });
  if (end !== undefined) return afterEnd(look, end, options);
  if (pod.metadata.deletionTimestamp !== undefined) return { status };
  if (held !== undefined) return { status, act: 'delete pod' };
  // Made anew under the same name: it has not begun.
  const avoided = pod.spec.nodeName === undefined ? options.avoidedBy(trial) : [];
  if (waitsInVain(pod, avoided)) return { status, act: 'delete pod' };
  const heardMs = options.inbox.heard(trial.metadata.uid);
  const patience = patienceWith({
    pod,
    deadlines: options.deadlines,
    heardMs,
    nowMs,
    evenSinceMs,
  });
  if (isOverdue(patience, nowMs)) return giveUp(look, patience, options);
  const endsIn = avoided.map(({ untilMs }) => untilMs - nowMs);
  return whileAlive(look, pod, { ...patience, endsIn });
}

/** The result is the end of the trial, or of its way to a rung, whatever becomes of the Pod. */
function afterResult(look: Look): Outcome {
  const { trial, status, pod, devices, nowMs, judgement } = look;
  const { result } = status;
  if (result === undefined) return { status };
  const started = pod === undefined ? undefined : startedMs(pod);
  const known = withSpent(look);
  const spent = {
    ...known,
    // Pods that died together with the operator are known only by what the trainer counted.
    deviceSeconds: Math.max(known.deviceSeconds, result.metrics.seconds * devices),
    startTime: status.startTime ?? new Date(started ?? nowMs).toISOString(),
  };
  if (pausesWith(trial.spec, result)) return { status: markPaused(spent, look) };
  const end = { condition: 'Succeeded', ...whyEnded(trial.spec, result) } as const;
  return { status: markFinished(spent, end, judgement) };
}

/** With the time of a Pod that is there. */
function withSpent(look: Look): TrialStatus {
  const { status, ranSeconds, devices } = look;
  return { ...status, deviceSeconds: status.deviceSeconds + ranSeconds * devices };
}

/** Its search has nothing left for it: the Pod goes, what it has trained is in its checkpoint. */
function cancelled(look: Look, message: string): Outcome {
  const { pod, judgement } = look;
  const spent = pod === undefined ? withLost(look) : withSpent(look);
  const end = { condition: 'Failed', reason: 'BudgetSpent', message } as const;
  const isLeaving = pod === undefined || pod.metadata.deletionTimestamp !== undefined;
  return {
    status: markFinished(spent, end, judgement),
    ...(isLeaving ? {} : { act: 'delete pod' }),
  };
}

const STOPPED = {
  BelowMedian: 'its best was below the median of other trials',
  Plateau: 'it gained no more',
} as const;

function whyEnded(
  { constraints = [] }: Trial['spec'],
  { outcome, stopped, epochs, metrics }: NonNullable<TrialStatus['result']>,
) {
  if (outcome === 'Infeasible') {
    const breaches = breachesOf(earlyConstraints(constraints), metrics).map(breachText);
    return { reason: outcome, message: `not trained: ${breaches.join(', ')}` } as const;
  }
  if (outcome === 'Diverged')
    return { reason: outcome, message: 'the loss left the finite numbers' } as const;
  if (stopped === undefined)
    return { reason: outcome, message: `trained in ${metrics.seconds.toFixed(1)} s` } as const;
  const message = `stopped after epoch ${epochs.at(-1)?.epoch}: ${STOPPED[stopped]}`;
  return { reason: 'StoppedEarly', message } as const;
}

function withoutPod(look: Look, held: string | undefined): Outcome {
  const { status, judgement } = look;
  if (runningSince(status) !== undefined) return afterLoss(look);
  const restMs = restAfter(look);
  if (held === undefined && restMs > 0) return { status, requeueAfter: restMs };
  if (held === undefined) return { status, act: 'create pod' };
  return { status: markWaiting(status, { reason: 'Suspended', message: held }, judgement) };
}

/** Ms that are left until the next Pod: a node that turns Pods away at once would be given them without a pause. */
function restAfter({ status, previous, nowMs, evenSinceMs }: Look): number {
  if (previous === undefined || startedMs(previous) !== undefined) return 0;
  const sinceMs = Math.max(evenSinceMs, Date.parse(previous.metadata.creationTimestamp));
  const restMs = Math.min(LONGEST_REST_MS, REST_MS * 2 ** Math.min(status.attempt - 1, 10));
  return Math.min(restMs, sinceMs + restMs - nowMs);
}

/** The Pod ran and is gone without an end that anyone saw: deleted, or lost with its machine. */
function afterLoss(look: Look): Outcome {
  const message = `${look.farewell ?? 'the Pod is gone'}: goes on from the checkpoint`;
  const why = { reason: 'Interrupted', message, spendsRetry: false } as const;
  return { status: markAgain(withLost(look), why, look.judgement), requeueAfter: 0 };
}

/** With the time of a Pod that is gone, as far as it was watched. */
function withLost({ status, devices, nowMs, bornMs, evenSinceMs }: Look): TrialStatus {
  const sinceMs = Math.max(runningSince(status) ?? nowMs, bornMs, evenSinceMs);
  const seconds = Math.max(0, nowMs - sinceMs) / 1000;
  return { ...status, deviceSeconds: status.deviceSeconds + seconds * devices };
}

function afterEnd(look: Look, end: PodEnd, { retryOf }: DecideOptions): Outcome {
  const { status, judgement } = look;
  const verdict = judgeEnd({ status, end, retry: retryOf(look.trial) });
  if (verdict.kind === 'wait') return { status, requeueAfter: verdict.forMs };
  const spent = withSpent(look);
  if (verdict.kind === 'again')
    return { status: markAgain(spent, verdict, judgement), requeueAfter: 0 };
  return { status: markFinished(spent, { ...verdict, condition: 'Failed' }, judgement) };
}

const isOverdue = ({ deadlineMs }: Patience, nowMs: number): boolean =>
  deadlineMs !== undefined && nowMs >= deadlineMs;

/** The wait was too long: the Pod goes, and with it an attempt or the trial. */
function giveUp(
  look: Look,
  { reason, message, sinceMs, costs }: Patience,
  { retryOf }: DecideOptions,
): Outcome {
  const { status, nowMs, judgement } = look;
  const spent = withSpent(look);
  const why = { reason, message: `${message} (given up after ${waited(sinceMs, nowMs)})` };
  const act = 'delete pod';
  if (costs === 'attempt' && status.retries < retryOf(look.trial).limit)
    return {
      status: markAgain(spent, { ...why, spendsRetry: true }, judgement),
      act,
      requeueAfter: 0,
    };
  return { status: markFinished(spent, { ...why, condition: 'Failed' }, judgement), act };
}

const waited = (sinceMs: number, nowMs: number): string =>
  `${Math.round((nowMs - sinceMs) / 1000)} s`;

/** Says what the Pod does once it has done so for a while, and looks again at the next moment that matters. */
function whileAlive(
  look: Look,
  pod: Live<Pod>,
  patience: Patience & { readonly endsIn: readonly number[] },
): Outcome {
  const { status, nowMs, judgement } = look;
  const running = isRunning(pod);
  const sinceMs = running ? (startedMs(pod) ?? nowMs) : patience.sinceMs;
  const noteAfterMs = running ? NOTED_AFTER_MS.running : NOTED_AFTER_MS.waiting;
  const unnotedMs = noteAfterMs - Math.max(0, nowMs - sinceMs);
  const noted = running ? markRunning(status, judgement) : markWaiting(status, patience, judgement);
  const early = noted !== status && unnotedMs > 0;
  const deadlineIn = patience.deadlineMs === undefined ? [] : [patience.deadlineMs - nowMs];
  const waits = [...deadlineIn, ...patience.endsIn, ...(early ? [unnotedMs] : [])];
  return {
    status: early ? status : noted,
    ...(waits.length === 0 ? {} : { requeueAfter: Math.min(...waits) }),
  };
}
