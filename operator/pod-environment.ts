// What a trainer Pod must have of this cluster: how to report, by which token to come in, and where to keep its checkpoint.
import type { Trial } from '../crds/index.ts';
import { bucketOf, reportSubject } from './adapters/nats/index.ts';
import type { OperatorConfig } from './config.ts';
import {
  type EnvVar,
  overTemplate,
  type PodTemplate,
  RESTRICTED,
  TRAINER_CONTAINER,
  type TrainerDefaults,
} from './reconcilers/index.ts';
import { controllerOf } from './runtime/index.ts';
import { AUDIENCE } from './trainer-access.ts';

export interface TrainerSettings {
  readonly config: Pick<
    OperatorConfig,
    'trainerImage' | 'trainerCommand' | 'trainerNats' | 'nats' | 'natsReplicas' | 'natsAuthIssuer'
  >;
  /** Of --trainer-template. */
  readonly template?: PodTemplate | undefined;
  /** PEM of who signs the certificate of NATS. */
  readonly authority?: string | undefined;
  /** Told beside. */
  readonly env?: readonly EnvVar[] | undefined;
}

/** A trainer checkpoints at the next step and uploads; then it ends by itself. */
const GRACE_SECONDS = 60;
const WORKDIR = '/tmp/bionas';
const TOKEN_FOLDER = '/var/run/secrets/bionas.dev/nats';
const TOKEN = 'token';
/** The kubelet renews it when 80 % have passed. */
const TOKEN_SECONDS = 3600;

export function trainerDefaults(settings: TrainerSettings): TrainerDefaults {
  const { config, template } = settings;
  const identity = config.natsAuthIssuer === undefined ? {} : TOKEN_TEMPLATE;
  return {
    image: config.trainerImage,
    command: config.trainerCommand?.split(/\s+/),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    env: (trial) => environment(trial, settings),
    named: true,
    template: [identity, template ?? {}].reduce(overTemplate, RESTRICTED),
  };
}

/** A token that is good for coming into NATS and nothing else; the API stays closed. */
const TOKEN_TEMPLATE: PodTemplate = {
  spec: {
    volumes: [
      {
        name: 'bionas-nats-token',
        projected: {
          sources: [
            {
              serviceAccountToken: {
                audience: AUDIENCE,
                expirationSeconds: TOKEN_SECONDS,
                path: TOKEN,
              },
            },
          ],
        },
      },
    ],
    containers: [
      {
        name: TRAINER_CONTAINER,
        env: [{ name: 'BIONAS_NATS_TOKEN_FILE', value: `${TOKEN_FOLDER}/${TOKEN}` }],
        volumeMounts: [{ name: 'bionas-nats-token', mountPath: TOKEN_FOLDER, readOnly: true }],
      },
    ],
  },
};

function environment(trial: Trial, { config, authority, env = [] }: TrainerSettings): EnvVar[] {
  const { namespace = 'default', uid = '' } = trial.metadata;
  const search = controllerOf(trial)?.uid ?? '';
  return [
    { name: 'BIONAS_WORKDIR', value: WORKDIR },
    { name: 'BIONAS_BUS', value: 'nats' },
    { name: 'BIONAS_NATS_URL', value: config.trainerNats ?? config.nats },
    {
      name: 'BIONAS_SUBJECT',
      value: reportSubject({ namespace, search: trial.spec.search, trial: uid }),
    },
    { name: 'BIONAS_BUCKET', value: bucketOf(search) },
    { name: 'BIONAS_NATS_REPLICAS', value: String(config.natsReplicas) },
    ...(authority === undefined ? [] : [{ name: 'BIONAS_NATS_CA_PEM', value: authority }]),
    ...env,
  ];
}
