// Where the workers of a Trial meet in a cluster: a headless Service names their Pods, and a NetworkPolicy lets nobody but them reach
// the port, since TensorFlow's server asks nobody who they are. Both belong to the Trial and go with it. Pure.
import { type Trial, workersOf } from '../../../crds/index.ts';
import type { NetworkPolicy, Service } from '../objects.ts';
import { ownerOf, SEARCH_LABEL, TRIAL_LABEL } from './marks.ts';

/** TensorFlow's server of each worker. */
export const WORKER_PORT = 2222;

/** Names of Trials may be no names of Services. */
const meetingName = ({ metadata }: Trial): string => `bionas-${metadata.uid}`;

/** Of another attempt's Pods they differ: those may still be on their way out. */
export const placeOfWorker = (trial: Trial, attempt: number, rank: number) => ({
  hostname: `a${attempt}-w${rank}`,
  subdomain: meetingName(trial),
});

/** host:port of each worker, by rank. */
export const peersOf = (trial: Trial, attempt: number): string[] =>
  Array.from({ length: workersOf(trial.spec.template) }, (_, rank) => {
    const { hostname, subdomain } = placeOfWorker(trial, attempt, rank);
    return `${hostname}.${subdomain}.${trial.metadata.namespace ?? 'default'}.svc:${WORKER_PORT}`;
  });

export const meetingService = (trial: Trial): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(trial),
  spec: {
    clusterIP: 'None',
    // They look for each other before any of them is ready.
    publishNotReadyAddresses: true,
    selector: { [TRIAL_LABEL]: trial.metadata.name },
    ports: [{ name: 'workers', port: WORKER_PORT }],
  },
});

export const meetingPolicy = (trial: Trial): NetworkPolicy => {
  const podSelector = { matchLabels: { [TRIAL_LABEL]: trial.metadata.name } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(trial),
    spec: {
      podSelector,
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector }], ports: [{ protocol: 'TCP', port: WORKER_PORT }] }],
    },
  };
};

const metadataOf = (trial: Trial) => ({
  name: meetingName(trial),
  namespace: trial.metadata.namespace ?? 'default',
  labels: { [SEARCH_LABEL]: trial.spec.search, [TRIAL_LABEL]: trial.metadata.name },
  ownerReferences: [ownerOf(trial)],
});
