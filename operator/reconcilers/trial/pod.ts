// The Pod that trains a Trial: the user's template with the trainer's container filled in. Pure: the same Trial and
// attempt give the same Pod, under a name that follows from both, so that creating it twice is harmless.
import type { Trial } from '../../../crds/index.ts';

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly [field: string]: unknown;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly [field: string]: unknown;
}

export interface TrainerDefaults {
  readonly image: string;
  readonly command: readonly string[];
  /** What only the place knows: work directory, bus, threads. */
  readonly env: (trial: Trial, attempt: number) => readonly EnvVar[];
  readonly terminationGracePeriodSeconds: number;
}

export const TRAINER_CONTAINER = 'trainer';
export const SEARCH_LABEL = 'bionas.dev/search';
const TRIAL_LABEL = 'bionas.dev/trial';

export const podName = (trial: Trial, attempt: number): string =>
  `${trial.metadata.name}-${attempt}`;

function trainerEnv(trial: Trial, attempt: number, defaults: TrainerDefaults): EnvVar[] {
  const { apiVersion, kind, spec, metadata } = trial;
  const { template: _, ...rest } = spec;
  const { name, namespace, uid } = metadata;
  const document = { apiVersion, kind, metadata: { name, namespace, uid }, spec: rest };
  return [
    { name: 'BIONAS_TRIAL', value: JSON.stringify(document) },
    { name: 'BIONAS_ATTEMPT', value: String(attempt) },
    ...defaults.env(trial, attempt),
  ];
}

/** A Pod manifest, owned by the Trial. The template's own env and command win over defaults. */
export function trialPod(trial: Trial, attempt: number, defaults: TrainerDefaults) {
  const template = (trial.spec.template ?? {}) as {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec?: Partial<PodSpec>;
  };
  const containers = template.spec?.containers ?? [];
  const own = containers.find(({ name }) => name === TRAINER_CONTAINER);
  const trainer: Container = {
    image: defaults.image,
    command: defaults.command,
    ...own,
    name: TRAINER_CONTAINER,
    env: [...trainerEnv(trial, attempt, defaults), ...(own?.env ?? [])],
  };
  const { name, namespace = 'default', uid = '' } = trial.metadata;
  const { apiVersion, kind } = trial;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(trial, attempt),
      namespace,
      labels: {
        ...template.metadata?.labels,
        [SEARCH_LABEL]: trial.spec.search,
        [TRIAL_LABEL]: name,
      },
      annotations: { ...template.metadata?.annotations },
      ownerReferences: [
        { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      terminationGracePeriodSeconds: defaults.terminationGracePeriodSeconds,
      ...template.spec,
      restartPolicy: 'Never',
      containers: [trainer, ...containers.filter((container) => container !== own)],
    },
  };
}
