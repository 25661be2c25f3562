// How long a Pod may stay where it is: a list of pure policies, the first that knows the state decides. Pods that somebody
// queued on purpose wait without limit; every other wait has a deadline, a reason and a consequence.
import type { TrialReason } from '../../../crds/index.ts';
import type { Pod } from '../objects.ts';
import { isRunning, startedMs, trainerOf } from './pod-end.ts';

/** In ms. */
export interface Deadlines {
  /** For a node with room. */
  readonly unschedulable: number;
  /** For an image that cannot be pulled, or a container that cannot be configured. */
  readonly image: number;
  /** From the node's acceptance to a running trainer, pulling included. */
  readonly start: number;
  /** From one report of the trainer to the next. */
  readonly silence: number;
}

const HOUR = 3_600_000;
export const DEADLINES: Deadlines = {
  unschedulable: 24 * HOUR,
  image: HOUR / 6,
  start: HOUR,
  silence: HOUR / 2,
};

export interface Patience {
  /** What the Trial is said to wait for. */
  readonly reason: TrialReason;
  readonly message: string;
  readonly sinceMs: number;
  /** Ms since 1970; undefined: no limit. */
  readonly deadlineMs?: number;
  /** What an overdue wait costs: another attempt follows at the trial's expense, or none does. */
  readonly costs?: 'attempt' | 'trial';
}

export interface PatienceInput {
  readonly pod: Pod;
  readonly deadlines: Deadlines;
  /** When the trainer was last heard, or could first have been. */
  readonly heardMs: number;
  readonly nowMs: number;
  /** The last step of the operator's clock: no wait is reckoned from before it. */
  readonly evenSinceMs: number;
}

type Policy = (input: PatienceInput) => Patience | undefined;

/** What a kubelet calls a container that will not start as it is. */
const STUCK = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
];

const scheduled = (pod: Pod) => pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');

type Now = Pick<PatienceInput, 'nowMs' | 'evenSinceMs'>;
const since = (time: string | undefined, { nowMs, evenSinceMs }: Now): number =>
  Math.max(evenSinceMs, Math.min(nowMs, Date.parse(time ?? '') || nowMs));

const queued: Policy = ({ pod, ...now }) => {
  const gated =
    (pod.spec.schedulingGates?.length ?? 0) > 0 || scheduled(pod)?.reason === 'SchedulingGated';
  const unseen = scheduled(pod) === undefined && pod.status?.startTime === undefined;
  if (!gated && !unseen) return undefined;
  const message = gated ? 'queued: its Pod is gated' : 'waits for a place';
  const sinceMs = since(pod.metadata.creationTimestamp, now);
  return { reason: 'Queued', message, sinceMs };
};

const unschedulable: Policy = ({ pod, deadlines, ...now }) => {
  const condition = scheduled(pod);
  if (condition?.status !== 'False') return undefined;
  const sinceMs = since(condition.lastTransitionTime, now);
  const message = `no node takes its Pod: ${condition.message ?? condition.reason ?? 'no reason given'}`;
  const deadlineMs = sinceMs + deadlines.unschedulable;
  return { reason: 'Unschedulable', message, sinceMs, deadlineMs, costs: 'trial' };
};

const stuck: Policy = ({ pod, deadlines, ...now }) => {
  const waiting = trainerOf(pod)?.state?.waiting;
  if (waiting?.reason === undefined || !STUCK.includes(waiting.reason)) return undefined;
  const sinceMs = since(pod.status?.startTime, now);
  const message = `${waiting.reason}: ${waiting.message ?? 'no message given'}`;
  const deadlineMs = sinceMs + deadlines.image;
  return { reason: 'ImagePullFailed', message, sinceMs, deadlineMs, costs: 'trial' };
};

const starting = ({ pod, deadlines, ...now }: PatienceInput): Patience => {
  const sinceMs = since(pod.status?.startTime, now);
  const message = `its Pod starts on ${pod.spec.nodeName ?? 'a node'}`;
  return {
    reason: 'NotStarted',
    message,
    sinceMs,
    deadlineMs: sinceMs + deadlines.start,
    costs: 'attempt',
  };
};

const silent = ({ pod, deadlines, heardMs, ...now }: PatienceInput): Patience => {
  const started = Math.min(now.nowMs, startedMs(pod) ?? now.nowMs);
  const sinceMs = Math.max(heardMs, started);
  const message = `no report for ${Math.round(deadlines.silence / 1000)} s`;
  return {
    reason: 'Silent',
    message,
    sinceMs,
    deadlineMs: sinceMs + deadlines.silence,
    costs: 'attempt',
  };
};

const BEFORE_IT_RUNS: readonly Policy[] = [queued, unschedulable, stuck];

/** For a Pod that has not ended and is not being deleted. */
export function patienceWith(input: PatienceInput): Patience {
  if (isRunning(input.pod)) return silent(input);
  for (const policy of BEFORE_IT_RUNS) {
    const patience = policy(input);
    if (patience !== undefined) return patience;
  }
  return starting(input);
}
