// The Pod that trains a Trial: the user's template with the trainer's container filled in. Pure: the same Trial and
// attempt give the same Pod, under a name that follows from both, so that creating it twice is harmless.
import type { Trial } from '../../../crds/index.ts';
import { type Device, deviceOf } from './devices.ts';
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
  readonly env: (trial: Trial, attempt: number) => readonly EnvVar[];
  readonly terminationGracePeriodSeconds: number;
  /** Under the template of every search. */
  readonly template?: PodTemplate | undefined;
}

export const SEARCH_LABEL = 'bionas.dev/search';
export const TRIAL_LABEL = 'bionas.dev/trial';

/** Labels of a Trial, or of its search, that its Pods carry as well: they are for Kueue, which queues Pods. */
const QUEUE_LABELS = 'kueue.x-k8s.io/';

export const queueLabels = (labels: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith(QUEUE_LABELS)));

export const podName = (trial: Trial, attempt: number): string =>
  `${trial.metadata.name}-${attempt}`;

interface TemplateSays {
  readonly graceSeconds: number;
  readonly device: Device;
}

function trainerEnv(
  trial: Trial,
  attempt: number,
  { env, graceSeconds, device }: Pick<TrainerDefaults, 'env'> & TemplateSays,
): EnvVar[] {
  const { apiVersion, kind, spec, metadata } = trial;
  const { template: _, ...rest } = spec;
  const shares = (spec.sharing?.perDevice ?? 1) > 1;
  const { name, namespace, uid } = metadata;
  const document = { apiVersion, kind, metadata: { name, namespace, uid }, spec: rest };
  return [
    { name: 'BIONAS_TRIAL', value: JSON.stringify(document) },
    { name: 'BIONAS_ATTEMPT', value: String(attempt) },
    { name: 'BIONAS_GRACE_SECONDS', value: String(graceSeconds) },
    // A trainer that finds none where its Pod has one says so, and ends.
    ...(device === 'accelerator' ? [{ name: 'BIONAS_DEVICE', value: 'gpu' }] : []),
    // TensorFlow's own: else the first trainer on a device takes all of its memory.
    ...(shares ? [{ name: 'TF_FORCE_GPU_ALLOW_GROWTH', value: 'true' }] : []),
    ...env(trial, attempt),
  ];
}

/** A Pod manifest, owned by the Trial. The template's own env and command win over defaults. */
export function trialPod(trial: Trial, attempt: number, defaults: TrainerDefaults) {
  const template = overTemplate(
    defaults.template ?? {},
    (trial.spec.template ?? {}) as PodTemplate,
  );
  const { trainer: own, others } = split(template.spec?.containers ?? []);
  const graceSeconds = graceOf(template) ?? defaults.terminationGracePeriodSeconds;
  const env = trainerEnv(trial, attempt, {
    env: defaults.env,
    graceSeconds,
    device: deviceOf(template),
  });
  const trainer: Container = {
    image: defaults.image,
    ...(defaults.command === undefined ? {} : { command: defaults.command }),
    // Its last words are then in the Pod's status, for whoever may not read logs.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...own,
    name: TRAINER_CONTAINER,
    env: [...env, ...(own?.env ?? [])],
  };
  const { name, namespace = 'default', uid = '' } = trial.metadata;
  const { apiVersion, kind } = trial;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(trial, attempt),
      namespace,
      labels: {
        ...template.metadata?.labels,
        ...queueLabels(trial.metadata.labels),
        [SEARCH_LABEL]: trial.spec.search,
        [TRIAL_LABEL]: name,
      },
      annotations: { ...UNDISTURBED, ...template.metadata?.annotations },
      ownerReferences: [owner],
    },
    spec: {
      terminationGracePeriodSeconds: graceSeconds,
      // A trainer reports over NATS; the API is none of its business.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...template.spec,
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
