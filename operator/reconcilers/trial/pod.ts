// The Pod that trains a Trial: the user's template with the trainer's container filled in. Pure: the same Trial and
// attempt give the same Pod, under a name that follows from both, so that creating it twice is harmless.
import { type Trial, workersOf } from '../../../crds/index.ts';
import { type Device, deviceOf } from './devices.ts';
import { groupMarks } from './group.ts';
import { ownerOf, SEARCH_LABEL, TRIAL_LABEL } from './marks.ts';
import { peersOf, placeOfWorker } from './meeting.ts';
import {
  type Container,
  type EnvVar,
  overTemplate,
  type PodTemplate,
  split,
} from './pod-template.ts';
import { TRAINER_CONTAINER } from './trainer-container.ts';

export type { EnvVar, PodTemplate } from './pod-template.ts';

export interface TrainerDefaults {
  readonly image: string;
  /** undefined: what the image starts by itself. */
  readonly command: readonly string[] | undefined;
  /** What only the place knows: work directory, bus, threads. */
  readonly env: (trial: Trial, attempt: number, rank: number) => readonly EnvVar[];
  /** Whether workers find each other by names, in a cluster; else whoever runs their Pods tells them. */
  readonly named?: boolean;
  readonly terminationGracePeriodSeconds: number;
  /** Under the template of every search. */
  readonly template?: PodTemplate | undefined;
}

/** Labels of a Trial, or of its search, that its Pods carry as well: they are for Kueue, which queues Pods. */
const QUEUE_LABELS = 'kueue.x-k8s.io/';

export const queueLabels = (labels: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith(QUEUE_LABELS)));

/** `rank`: which of the trial's workers it is. */
export const podName = (
  { metadata }: { readonly metadata: Pick<Trial['metadata'], 'name'> },
  attempt: number,
  rank = 0,
): string => `${metadata.name}-${attempt}${rank === 0 ? '' : `-w${rank}`}`;

/** Which Pod of a Trial. */
export interface PodPlace {
  readonly attempt: number;
  readonly rank: number;
}

/** By its name; undefined where it is none of the trial's. */
export function podPlaceOf(trial: string, name: string): PodPlace | undefined {
  if (!name.startsWith(`${trial}-`)) return undefined;
  const [, attempt, rank = 0] = /^(\d+)(?:-w(\d+))?$/.exec(name.slice(trial.length + 1)) ?? [];
  return attempt === undefined ? undefined : { attempt: Number(attempt), rank: Number(rank) };
}

interface TemplateSays {
  readonly graceSeconds: number;
  readonly device: Device;
}

function trainerEnv(
  trial: Trial,
  { attempt, rank }: PodPlace,
  {
    env,
    named = false,
    graceSeconds,
    device,
  }: Pick<TrainerDefaults, 'env' | 'named'> & TemplateSays,
): EnvVar[] {
  const { apiVersion, kind, spec, metadata } = trial;
  const { template: _, ...rest } = spec;
  const isOfSeveral = workersOf(spec.template) > 1;
  const { name, namespace, uid } = metadata;
  const document = { apiVersion, kind, metadata: { name, namespace, uid }, spec: rest };
  return [
    { name: 'BIONAS_TRIAL', value: JSON.stringify(document) },
    { name: 'BIONAS_ATTEMPT', value: String(attempt) },
    { name: 'BIONAS_GRACE_SECONDS', value: String(graceSeconds) },
    // A trainer that finds none where its Pod has one says so, and ends.
    ...(device === 'accelerator' ? [{ name: 'BIONAS_DEVICE', value: 'gpu' }] : []),
    ...(isOfSeveral ? [{ name: 'BIONAS_RANK', value: String(rank) }] : []),
    ...(isOfSeveral && named
      ? [{ name: 'BIONAS_PEERS', value: peersOf(trial, attempt).join(',') }]
      : []),
    ...env(trial, attempt, rank),
  ];
}

/** A Pod manifest, owned by the Trial. The template's own env and command win over defaults. */
export function trialPod(trial: Trial, place: PodPlace, defaults: TrainerDefaults) {
  const template = overTemplate(
    defaults.template ?? {},
    (trial.spec.template ?? {}) as PodTemplate,
  );
  const { trainer: own, others } = split(template.spec?.containers ?? []);
  const graceSeconds = graceOf(template) ?? defaults.terminationGracePeriodSeconds;
  const device = deviceOf(template);
  const env = trainerEnv(trial, place, { ...defaults, graceSeconds, device });
  const trainer: Container = {
    image: defaults.image,
    ...(defaults.command === undefined ? {} : { command: defaults.command }),
    // Its last words are then in the Pod's status, for whoever may not read logs.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...own,
    name: TRAINER_CONTAINER,
    env: [...env, ...(own?.env ?? [])],
  };
  const { name, namespace = 'default' } = trial.metadata;
  const labels = { ...template.metadata?.labels, ...queueLabels(trial.metadata.labels) };
  const isNamed = defaults.named === true && workersOf(trial.spec.template) > 1;
  const group = groupMarks(trial, { ...place, labels });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(trial, place.attempt, place.rank),
      namespace,
      labels: {
        ...labels,
        ...group.labels,
        [SEARCH_LABEL]: trial.spec.search,
        [TRIAL_LABEL]: name,
      },
      annotations: { ...UNDISTURBED, ...template.metadata?.annotations, ...group.annotations },
      ownerReferences: [ownerOf(trial)],
    },
    spec: {
      terminationGracePeriodSeconds: graceSeconds,
      // A trainer reports over NATS; the API is none of its business.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...template.spec,
      ...(isNamed ? placeOfWorker(trial, place.attempt, place.rank) : {}),
      restartPolicy: 'Never',
      containers: [trainer, ...others],
    },
  };
}

/** Karpenter minds it from the Pod's binding to a node until its end, which is as long as it trains. */
const UNDISTURBED = { 'karpenter.sh/do-not-disrupt': 'true' };

const graceOf = ({ spec }: PodTemplate): number | undefined => {
  const seconds = spec?.['terminationGracePeriodSeconds'];
  return typeof seconds === 'number' ? seconds : undefined;
};
