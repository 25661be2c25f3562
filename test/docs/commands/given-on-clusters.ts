// The same for commands on a cluster: searches that are there, and namespaces, each of which begins with that of the page ($NS).
import type { Given } from './given.ts';
import { NAMESPACE } from './pages.ts';

/** More trials than there will ever be. */
const ENDLESS = 1_000;
const TEAM = '"$NS"-team-a';

const made = (name: string, namespace: string, trials: string): string =>
  [
    `kubectl -n ${namespace} delete bns ${name} --ignore-not-found`,
    `sed 's/name: quickstart/name: ${name}/${trials}' examples/quickstart.yaml > .made.yaml`,
    `kubectl -n ${namespace} apply -f .made.yaml`,
  ].join(' && ');

/** Commands that leave the search of examples/quickstart.yaml there, ended. */
const ended = (name: string, namespace = '"$NS"'): string =>
  `${made(name, namespace, '')} && kubectl -n ${namespace} wait --for=condition=Completed --timeout=100s bns/${name}`;

const underWay = (name: string, namespace: string): string =>
  made(name, namespace, `; s/trials: .*/trials: ${ENDLESS}/`);

const secret = (name: string, key: string): string =>
  `kubectl -n "$NS"-bionas-system create secret generic ${name} --from-literal=${key}=anything`;

export const GIVEN_ON_CLUSTERS: readonly Given[] = [
  {
    page: 'README.md',
    command: /^kubectl get bns,trials$/,
    lines: 1,
  },
  // Simulated trainers test nothing.
  { page: 'README.md', command: /testAccuracy/, lines: 0 },
  {
    page: 'docs/cli.md',
    command: /^kubectl create rolebinding/,
    before: [ended('quickstart'), ended('small-and-good'), ended('quickstart', TEAM)].join(' && '),
  },
  {
    page: 'docs/cli.md',
    command: /^kubectl bionas suspend night/,
    before: underWay('night', TEAM),
  },
  {
    page: 'docs/cli.md',
    command: /^kubectl bionas export table night/,
    before: ended('night', TEAM),
  },
  {
    // Simulated trainers leave no network: of a search that was trained here.
    page: 'docs/cli.md',
    command: /^kubectl bionas export pytorch quickstart 12 -n team-a/,
    before:
      'kubectl create namespace "$NS"-kept && bionas restore "$FINISHED" -n "$NS"-kept --nats "$NATS_URL"',
    as: 'kubectl bionas export pytorch quickstart 0 -n "$NS"-kept',
  },
  {
    page: 'docs/dashboard.md',
    command: /^kubectl bionas dashboard -n team-a/,
    before: ended('quickstart', TEAM),
  },
  {
    page: 'docs/imagenet.md',
    command: /^kubectl .* create secret/,
    before: `export AWS_ACCESS_KEY_ID=id AWS_SECRET_ACCESS_KEY=key AWS_REGION=us-east-1 AWS_ENDPOINT_URL=http://minio.storage:9000`,
  },
  {
    page: 'docs/imagenet.md',
    command: /^kubectl .* apply -f imagenet.yaml/,
    before: 'cp examples/imagenet.yaml imagenet.yaml',
  },
  {
    page: 'docs/imagenet.md',
    command: /^kubectl bionas status imagenet /,
    before: 'kubectl -n "$NS"-vision wait --for=condition=Completed --timeout=100s bns/imagenet',
  },
  {
    page: 'docs/imagenet.md',
    command: /^kubectl .* apply -f retrain.yaml/,
    before: `sed 's/name: quickstart/name: imagenet-retrain/' examples/quickstart.yaml > retrain.yaml`,
  },
  {
    page: 'docs/imagenet.md',
    command: /^kubectl bionas status imagenet-retrain /,
    before:
      'kubectl -n "$NS"-vision wait --for=condition=Completed --timeout=100s bns/imagenet-retrain',
  },
  {
    page: 'docs/how-to/gpu-cluster.md',
    command: /^kubectl apply -f pictures\.yaml/,
    before: `sed -i "s/namespace: vision/namespace: $NS-vision/" pictures.yaml`,
  },
  {
    page: 'docs/runbooks.md',
    command: /(?<=^kubectl describe bns )NAME/,
    before: ended('quickstart'),
    as: 'quickstart',
  },
  {
    page: 'docs/upgrades.md',
    command: /^kubectl .* secret bionas-nats-keys/,
    before: secret('bionas-nats-keys', 'operator.seed'),
  },
  {
    page: 'docs/upgrades.md',
    command: /^kubectl .* secret bionas-nats-tls/,
    before: secret('bionas-nats-tls', 'ca.crt'),
  },
  {
    page: 'docs/upgrades.md',
    command: /^bionas backup night backups\/night/,
    before: `${ended('night', '"$NS"-lab')} && rm -rf backups && mkdir backups`,
  },
  {
    page: 'docs/upgrades.md',
    command: /^bionas restore backups\/night/,
    before: 'kubectl -n "$NS"-lab delete bns night',
  },
  {
    page: 'docs/install.md',
    command: /^kubectl .* create secret generic bionas-nats-tls/,
    before: 'touch tls.crt tls.key',
  },
  { page: 'docs/upgrades.md', command: / --nats-nkey operator\.seed --nats-ca ca\.crt/, as: '' },
  { command: /(?<=--nats )(?:tls:\/\/localhost:4222|nats:\/\/\S+)/, as: '"$NATS_URL"' },
  { command: NAMESPACE, as: '"$NS"-$&' },
];
