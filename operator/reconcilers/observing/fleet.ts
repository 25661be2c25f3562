// How all searches, Trials and Pods stand at one moment, in numbers for metrics: counted from the caches when somebody asks, so
// that nothing has to be kept in step. No name of an object is a label: what is counted stays as few numbers as there are words.
import { type BioNASSearch, TRIAL_REASONS, type Trial } from '../../../crds/index.ts';
import { controllerOf, type Live, type Metrics } from '../../runtime/index.ts';
import type { Pod } from '../objects.ts';
import {
  type Device,
  deviceOf,
  devicesOf,
  hasEnded,
  isFinished,
  isHeld,
  isPaused,
  runningSince,
  startedMs,
} from '../trial/index.ts';

export interface FleetInput {
  readonly searches: readonly Live<BioNASSearch>[];
  readonly trials: readonly Live<Trial>[];
  readonly pods: readonly Live<Pod>[];
  /** When the trial of this UID was last heard, in ms since 1970. */
  readonly heard: (trial: string) => number;
  readonly nowMs: number;
}

/** A trainer reports about every second; one that was not heard for so long starts, hangs or is done. */
const HEARD_WITHIN_MS = 60_000;
const UNDER_WAY: readonly unknown[] = ['Searching', 'Finalizing'];

/** Sets the gauges; a combination of labels that was there at an earlier call and is not now becomes 0. */
export function createFleetGauges(metrics: Metrics): (input: FleetInput) => void {
  const seen = new Map<string, { readonly state: string; readonly reason: string }>();
  return (input) => {
    const counts = new Map<string, number>([...seen.keys()].map((key) => [key, 0]));
    for (const trial of input.trials) {
      const labels = standingOf(trial);
      const key = `${labels.state} ${labels.reason}`;
      seen.set(key, labels);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, labels] of seen) metrics.gauge('trials', counts.get(key) ?? 0, labels);
    metrics.gauge('trials_longest_wait_seconds', longestWait(input));
    for (const [phase, count] of phasesOf(input.searches))
      metrics.gauge('searches', count, { phase });
    metrics.gauge('searches_idle', idleSearches(input));
    for (const device of ['accelerator', 'cpu'] as const) {
      const { held, training } = devicesIn(input, device);
      metrics.gauge('devices_held', held, { device });
      metrics.gauge('devices_training', training, { device });
    }
  };
}

/** What a trial does, and the reason that its conditions give; a word of whoever else may write a status is `Other`. */
function standingOf({ spec, status }: Trial) {
  const true_ = (wanted: string) =>
    status?.conditions.find(({ type, status: is }) => type === wanted && is === 'True');
  const end = true_('Succeeded') ?? true_('Failed');
  if (end !== undefined) return { state: end.type, reason: known(end.reason) };
  if (isPaused({ spec, status })) return { state: 'Paused', reason: 'Paused' };
  const running = status?.conditions.find(({ type }) => type === 'Running');
  return {
    state: running?.status === 'True' ? 'Running' : 'Waiting',
    reason: known(running?.reason ?? 'Pending'),
  };
}

const known = (reason: string): string =>
  TRIAL_REASONS.some((each) => each === reason) ? reason : 'Other';

/** Seconds. A trial that is suspended, or queued on purpose, is not counted: nobody expects it to start. */
function longestWait({ trials, nowMs }: FleetInput): number {
  const waits = trials.flatMap((trial) => {
    const { status, metadata } = trial;
    const running = status?.conditions.find(({ type }) => type === 'Running');
    const isExpected = !isFinished(status) && !isPaused(trial) && !isHeld(status);
    if (!isExpected || running?.status === 'True' || running?.reason === 'Queued') return [];
    return [nowMs - Date.parse(running?.lastTransitionTime ?? metadata.creationTimestamp ?? '')];
  });
  return waits.reduce((most, ms) => Math.max(most, ms / 1000 || 0), 0);
}

const PHASES = [
  'Pending',
  'Searching',
  'Finalizing',
  'Suspended',
  'Completed',
  'Failed',
] as const satisfies readonly NonNullable<BioNASSearch['status']>['phase'][];

const phasesOf = (searches: FleetInput['searches']) =>
  PHASES.map((phase) => {
    const inIt = searches.filter(({ status }) => (status?.phase ?? 'Pending') === phase);
    return [phase, inIt.length] as const;
  });

/** Searches that are under way, and none of their Pods runs. */
function idleSearches({ searches, trials }: FleetInput): number {
  const busy = new Set(
    trials
      .filter(({ status }) => runningSince(status) !== undefined)
      .map((trial) => controllerOf(trial)?.uid),
  );
  const underWay = searches.filter(({ status }) => UNDER_WAY.includes(status?.phase));
  return underWay.filter(({ metadata }) => !busy.has(metadata.uid)).length;
}

function devicesIn({ pods, trials, heard, nowMs }: FleetInput, device: Device) {
  const sharing = new Map(trials.map(({ metadata, spec }) => [metadata.uid, spec.sharing]));
  const devicesOfAll = (some: readonly Pod[]): number =>
    some.reduce((sum, pod) => sum + devicesOf(pod, sharing.get(trialOf(pod))), 0);
  const holding = pods.filter((pod) => pod.spec.nodeName !== undefined && !hasEnded(pod));
  const these = holding.filter((pod) => deviceOf(pod) === device);
  const training = these.filter(
    (pod) => startedMs(pod) !== undefined && nowMs - heard(trialOf(pod)) < HEARD_WITHIN_MS,
  );
  return { held: devicesOfAll(these), training: devicesOfAll(training) };
}

const trialOf = (pod: Pod): string => controllerOf(pod)?.uid ?? '';
