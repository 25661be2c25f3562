// Commands about a cluster that are not run, and those that begin and end one.
import type { NotRun } from './not-run.ts';
import { MLFLOW } from './not-run-here.ts';

const HELM = {
  why: 'installs over the definitions that other tests use',
  test: 'test/cluster/charts/life.plane.test.ts',
};

const INSTALL = [
  'helm install bionas-crds charts/bionas-crds --namespace bionas-system --create-namespace',
  'helm install bionas charts/bionas --namespace bionas-system',
  'helm test bionas --namespace bionas-system',
];

const KEPT = {
  why: 'starts and ends a cluster that stays; tests start theirs by the same modules',
  test: 'test/cluster/harness.cluster.test.ts',
};

const CONTAINERS = {
  why: 'needs Pods that run containers',
  test: 'test/cluster/images/release.plane.test.ts',
};

export const NOT_RUN_ON_CLUSTERS: readonly NotRun[] = [
  { page: 'charts/bionas/README.md', ...HELM, commands: INSTALL },
  {
    page: 'README.md',
    ...KEPT,
    commands: ['eval "$(make -s cluster WITH_NODE=1)"', 'make operator &', 'make cluster-down'],
  },
  {
    page: 'docs/kubernetes.md',
    ...KEPT,
    commands: [
      'eval "$(make -s cluster)"',
      'make -s cluster WITH_NODE=1',
      'make operator',
      'make cluster-down',
    ],
  },
  {
    page: 'docs/install.md',
    ...HELM,
    commands: [
      ...INSTALL,
      'helm install lab charts/bionas --namespace lab-system --create-namespace --set watchNamespace=lab --set trainer.serviceAccount.create=true',
      'helm upgrade bionas-crds charts/bionas-crds --namespace bionas-system',
      'helm upgrade bionas charts/bionas --namespace bionas-system -f values.yaml',
      'helm uninstall bionas --namespace bionas-system',
    ],
  },
  {
    page: 'docs/install.md',
    why: 'installs over the definitions that other tests use',
    test: 'test/cluster/charts/objects.cluster.test.ts',
    commands: ['kubectl apply --server-side -f dist/install.yaml'],
  },
  {
    page: 'docs/upgrades.md',
    ...HELM,
    commands: [
      'helm upgrade bionas-crds charts/bionas-crds --namespace bionas-system',
      'helm upgrade bionas charts/bionas --namespace bionas-system',
      'helm rollback bionas --namespace bionas-system',
    ],
  },
  {
    page: 'docs/upgrades.md',
    ...CONTAINERS,
    commands: ['kubectl -n bionas-system port-forward service/bionas-nats 4222 &'],
  },
  {
    page: 'docs/dashboard.md',
    ...HELM,
    commands: [
      'helm upgrade bionas charts/bionas --namespace bionas-system --reuse-values --set dashboard.enabled=true',
      'helm upgrade ... --set dashboard.ledger.enabled=true --set dashboard.ledger.credentials.secretName=bionas-ledger-reader',
    ],
  },
  {
    page: 'docs/dashboard.md',
    ...CONTAINERS,
    commands: ['kubectl -n bionas-system port-forward service/bionas-dashboard 8080:80'],
  },
  {
    page: 'docs/runbooks.md',
    ...CONTAINERS,
    commands: [`kubectl -n NS logs deploy/bionas-operator | grep '"search":"NAME"'`],
  },
  {
    page: 'docs/cli.md',
    ...MLFLOW,
    commands: ['kubectl bionas export mlflow quickstart -n team-a --experiment cells'],
  },
  {
    page: 'docs/how-to/gpu-cluster.md',
    ...HELM,
    commands: [
      'helm install bionas-crds charts/bionas-crds --namespace bionas-system --create-namespace',
      'helm install bionas charts/bionas --namespace bionas-system -f values.yaml',
      'helm test bionas --namespace bionas-system',
    ],
  },
  {
    page: 'docs/how-to/gpu-cluster.md',
    ...CONTAINERS,
    commands: [
      'kubectl wait --namespace vision --for=condition=Ready pod/pictures',
      'kubectl cp ~/.cache/bionas/datasets/cifar10 vision/pictures:/data/cifar10',
      'kubectl -n bionas-system port-forward service/bionas-dashboard 8080:80',
    ],
  },
  {
    page: 'docs/cli.md',
    why: 'needs failed trials in a search that goes on',
    test: 'test/cluster/cli/retry.cluster.test.ts',
    commands: ['kubectl bionas retry night 12 -n team-a'],
  },
];
