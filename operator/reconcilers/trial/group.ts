// What marks the Pods of an attempt as those of one another: whoever runs or queues them starts all or none. Pure.
import { type Trial, workersOf } from '../../../crds/index.ts';
import { TRIAL_LABEL } from './marks.ts';

const ATTEMPT_LABEL = 'bionas.dev/attempt';
const WORKER_LABEL = 'bionas.dev/worker';
const WORKERS = 'bionas.dev/workers';
const QUEUE = 'kueue.x-k8s.io/queue-name';
/** Of labels' values. */
const LONGEST = 63;

type Marks = Readonly<Record<string, string>>;

interface Marked {
  readonly labels: Marks;
  readonly annotations: Marks;
}

/** Of the Pod of this rank, beside `labels`; none where it is alone. */
export function groupMarks(
  trial: Trial,
  {
    attempt,
    rank,
    labels,
  }: { readonly attempt: number; readonly rank: number; readonly labels: Marks },
): Marked {
  const workers = workersOf(trial.spec.template);
  if (workers === 1) return { labels: {}, annotations: {} };
  const { name, uid } = trial.metadata;
  const group = `${name}-${attempt}`.length > LONGEST ? `${uid}-${attempt}` : `${name}-${attempt}`;
  const isQueued = labels[QUEUE] !== undefined;
  return {
    labels: {
      [ATTEMPT_LABEL]: String(attempt),
      [WORKER_LABEL]: String(rank),
      ...(isQueued ? { 'kueue.x-k8s.io/pod-group-name': group } : {}),
    },
    annotations: {
      [WORKERS]: String(workers),
      ...(isQueued
        ? { 'kueue.x-k8s.io/pod-group-total-count': String(workers), ...ENDS_AS_ONE }
        : {}),
    },
  };
}

/** No Pod takes another's place in its group: the next attempt is a group of its own. */
const ENDS_AS_ONE = { 'kueue.x-k8s.io/retriable-in-group': 'false' };

/** The group of a Pod by its marks, and how many are in it; undefined where it is alone. */
export function groupOf({
  labels = {},
  annotations = {},
}: {
  readonly labels?: Marks | undefined;
  readonly annotations?: Marks | undefined;
}): { readonly name: string; readonly size: number } | undefined {
  const size = annotations[WORKERS];
  if (size === undefined) return undefined;
  return { name: `${labels[TRIAL_LABEL]}-${labels[ATTEMPT_LABEL]}`, size: Number(size) };
}
