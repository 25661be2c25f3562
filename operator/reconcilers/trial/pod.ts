// The Pod that trains a Trial: the user's template with the trainer's container filled in. Pure: the same Trial and
// attempt give the same Pod, under a name that follows from both, so that creating it twice is harmless.
import type { Trial } from '../../../crds/index.ts';
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
  readonly command: readonly string[];
  /** What only the place knows: work directory, bus, threads. */
  readonly env: (trial: Trial, attempt: number) => readonly EnvVar[];
  readonly terminationGracePeriodSeconds: number;
  /** Under the template of every search. */
  readonly template?: PodTemplate | undefined;
}

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
  const template = overTemplate(
    defaults.template ?? {},
    (trial.spec.template ?? {}) as PodTemplate,
  );
  const { trainer: own, others } = split(template.spec?.containers ?? []);
  const trainer: Container = {
    image: defaults.image,
    command: defaults.command,
    ...own,
    name: TRAINER_CONTAINER,
    env: [...trainerEnv(trial, attempt, defaults), ...(own?.env ?? [])],
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
        [SEARCH_LABEL]: trial.spec.search,
        [TRIAL_LABEL]: name,
      },
      annotations: { ...template.metadata?.annotations },
      ownerReferences: [owner],
    },
    spec: {
      terminationGracePeriodSeconds: defaults.terminationGracePeriodSeconds,
      // A trainer reports over NATS; the API is none of its business.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...template.spec,
      restartPolicy: 'Never',
      containers: [trainer, ...others],
    },
  };
}
