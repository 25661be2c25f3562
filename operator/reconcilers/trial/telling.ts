// What a change of a Trial's status is told as, besides its Event: numbers, a line of log, spans of what has ended. Told after
// the write, so that what was not written was not said.
import type { Trial, TrialStatus } from '../../../crds/index.ts';
import {
  controllerOf,
  type Live,
  type Logger,
  type Metrics,
  parseTraceparent,
  placeOf,
  type Tracer,
  traceIdOf,
} from '../../runtime/index.ts';
import { isTrue } from '../conditions.ts';
import type { Pod } from '../objects.ts';
import type { Device } from './devices.ts';
import { podName } from './pod.ts';
import { startedMs } from './pod-end.ts';
import type { Delivered } from './report-inbox.ts';
import { isFinished } from './status.ts';

/** A status and the one that took its place. */
export interface Turn {
  readonly trial: Live<Trial>;
  readonly before: TrialStatus;
  readonly after: TrialStatus;
  /** Of the attempt before. */
  readonly pod: Live<Pod> | undefined;
  readonly device: Device;
  readonly nowMs: number;
}

interface Listeners {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly tracer: Tracer;
}

export function tell(turn: Turn, listeners: Listeners): void {
  count(turn, listeners.metrics);
  log(turn, listeners.logger);
  trace(turn, listeners.tracer);
}

const isAgain = ({ before, after }: Turn): boolean => after.attempt > before.attempt;

/** The condition that says how the trial ended. */
const endOf = ({ after }: Turn) =>
  after.conditions.find(
    ({ type, status }) => (type === 'Succeeded' || type === 'Failed') && status === 'True',
  );

const runningOf = ({ after }: Turn) => after.conditions.find(({ type }) => type === 'Running');

function count(turn: Turn, metrics: Metrics): void {
  const { before, after, device } = turn;
  const seconds = after.deviceSeconds - before.deviceSeconds;
  if (seconds > 0) metrics.count('device_seconds_total', { device }, seconds);
  const end = endOf(turn);
  if (end !== undefined) {
    const outcome = end.type === 'Succeeded' ? 'succeeded' : 'failed';
    metrics.count('trials_ended_total', { outcome, reason: end.reason });
  }
  const cause = runningOf(turn)?.reason;
  if (!isAgain(turn) || cause === undefined || cause === 'Promoted') return;
  const fault = after.retries > before.retries ? 'trial' : 'none';
  metrics.count('trial_retries_total', { cause, fault });
}

function log(turn: Turn, logger: Logger): void {
  const { after } = turn;
  const end = endOf(turn);
  const { reason, message } = end ?? runningOf(turn) ?? {};
  const { attempt, deviceSeconds } = after;
  const fields = { reason, why: message, attempt, deviceSeconds };
  if (end !== undefined) logger.info('Trial ended', { outcome: end.type, ...fields });
  else if (isAgain(turn)) logger.info('Trial goes on with another Pod', fields);
}

/** One span an attempt, below which the trainer's are, and one of the whole trial, both where everybody expects them. */
function trace(turn: Turn, tracer: Tracer): void {
  if (isAttemptOver(turn)) traceAttempt(turn, tracer);
  const { trial, after, nowMs } = turn;
  const end = endOf(turn);
  if (end === undefined) return;
  const search = controllerOf(trial);
  const span = tracer.start('trial', {
    place: trialPlace(trial.metadata.uid, tracer),
    ...(search === undefined ? {} : { links: [searchPlace(search.uid, tracer)] }),
    startMs: Date.parse(trial.metadata.creationTimestamp),
    attributes: trialAttributes(trial),
  });
  const attributes = { 'bionas.reason': end.reason, 'bionas.attempts': after.attempt + 1 };
  span.end({
    endMs: nowMs,
    attributes,
    ...(end.type === 'Failed' ? { failure: end.message } : {}),
  });
}

/** It paused, ended, or another takes its place; a trial that waits at a rung has no Pod whose end were to be told. */
const isAttemptOver = (turn: Turn): boolean => {
  const { before, after } = turn;
  if (isTrue(before.conditions, 'Paused') && before.rungs?.at(-1)?.attempt === before.attempt)
    return false;
  return isAgain(turn) || isFinished(after) || after.rungs?.length !== before.rungs?.length;
};

function traceAttempt({ trial, before, after, pod, nowMs }: Turn, tracer: Tracer): void {
  const { uid } = trial.metadata;
  const started = pod === undefined ? undefined : startedMs(pod);
  const name = podName(trial, before.attempt);
  const span = tracer.start('pod', {
    parent: trialPlace(uid, tracer),
    place: attemptPlace(uid, before.attempt, tracer),
    startMs: Date.parse(pod?.metadata.creationTimestamp ?? '') || nowMs,
    attributes: {
      ...trialAttributes(trial),
      'k8s.pod.name': name,
      'bionas.attempt': before.attempt,
    },
  });
  span.end({
    endMs: nowMs,
    attributes: {
      ...(pod?.spec.nodeName === undefined ? {} : { 'k8s.node.name': pod.spec.nodeName }),
      ...(started === undefined ? {} : { 'bionas.started': new Date(started).toISOString() }),
      'bionas.device_seconds': after.deviceSeconds - before.deviceSeconds,
    },
  });
}

/** From its arrival until what it says is written; below the span in which the trainer sent it, where that is one of this trial. */
export function traceReport(
  { report, arrivedMs, traceparent = '' }: Delivered,
  tracer: Tracer,
): void {
  const { trial, attempt, body } = report;
  const sender = parseTraceparent(traceparent);
  const isOwn = sender?.traceId === traceIdOf(trial);
  const span = tracer.start('apply report', {
    parent: isOwn ? sender : attemptPlace(trial, attempt, tracer),
    startMs: arrivedMs,
    attributes: {
      'bionas.trial.uid': trial,
      'bionas.attempt': attempt,
      'bionas.report': body.kind,
    },
  });
  span.end();
}

export const trialAttributes = ({ metadata, spec }: Trial) => ({
  'k8s.namespace.name': metadata.namespace ?? 'default',
  'bionas.search.name': spec.search,
  'bionas.trial.name': metadata.name,
  'bionas.trial.uid': metadata.uid ?? '',
  'bionas.purpose': spec.purpose,
});

export const searchPlace = (uid: string, tracer: Tracer) => placeOf(uid, 'search', tracer);

export const trialPlace = (uid: string, tracer: Tracer) => placeOf(uid, 'trial', tracer);

/** What the trainer of this attempt is told to be below. */
export const attemptPlace = (uid: string, attempt: number, tracer: Tracer) =>
  placeOf(uid, `attempt ${attempt}`, tracer);
