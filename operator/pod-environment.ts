// What a trainer Pod must know of this cluster: how to report, and where to keep its checkpoint.
import type { Trial } from '../crds/index.ts';
import { bucketOf, reportSubject } from './adapters/nats/index.ts';
import type { OperatorConfig } from './config.ts';
import {
  type EnvVar,
  overTemplate,
  type PodTemplate,
  RESTRICTED,
  type TrainerDefaults,
} from './reconcilers/index.ts';
import { controllerOf } from './runtime/index.ts';

/** A trainer checkpoints at the next step and uploads; then it ends by itself. */
const GRACE_SECONDS = 60;
const WORKDIR = '/tmp/bionas';

export function trainerDefaults(
  config: Pick<OperatorConfig, 'trainerImage' | 'trainerCommand' | 'trainerNats' | 'nats'>,
  template: PodTemplate | undefined,
): TrainerDefaults {
  const nats = config.trainerNats ?? config.nats;
  return {
    image: config.trainerImage,
    command: config.trainerCommand.split(/\s+/),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    env: (trial) => environment(trial, nats),
    template: overTemplate(RESTRICTED, template ?? {}),
  };
}

function environment(trial: Trial, nats: string): EnvVar[] {
  const { namespace = 'default', uid = '' } = trial.metadata;
  const search = controllerOf(trial)?.uid ?? '';
  return [
    { name: 'BIONAS_WORKDIR', value: WORKDIR },
    { name: 'BIONAS_BUS', value: 'nats' },
    { name: 'BIONAS_NATS_URL', value: nats },
    {
      name: 'BIONAS_SUBJECT',
      value: reportSubject({ namespace, search: trial.spec.search, trial: uid }),
    },
    { name: 'BIONAS_BUCKET', value: bucketOf(search) },
  ];
}
