// Values that users give, and what must come of them: rendered by helm here, taken by a real API server in
// test/cluster/charts.
import type { GivenValues } from './rendered.ts';

interface Expected {
  /** `Kind name` of objects. */
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
}

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const GPU = { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' };

export const MATRIX: readonly (readonly [string, GivenValues, Expected])[] = [
  [
    'with no values: operator, NATS with TLS, rights over the cluster, policies',
    {},
    {
      has: [
        'Deployment bionas-operator',
        'StatefulSet bionas-nats',
        'Secret bionas-nats-tls',
        'ClusterRole bionas-operator',
        'ClusterRole bionas-edit',
        'Role bionas-operator-leader',
        'PodDisruptionBudget bionas-operator',
        'NetworkPolicy bionas-operator',
        'NetworkPolicy bionas-trainer',
        'NetworkPolicy bionas-nats',
        'ConfigMap bionas-trainer',
        'Pod bionas-test',
        'Job bionas-nats-keys',
        'ClusterRole bionas-operator-bionas-system-tokens',
      ],
      lacks: [
        'PodDisruptionBudget bionas-nats',
        'ServiceAccount bionas-trainer',
        'Deployment bionas-dashboard',
        'ClusterRole bionas-dashboard',
      ],
    },
  ],
  [
    'one namespace: no rights beyond it',
    {
      watchNamespace: 'default',
      nats: { authCallout: { enabled: false } },
      trainer: { serviceAccount: { create: true, annotations: { a: 'b' } } },
    },
    {
      has: ['Role bionas-operator', 'RoleBinding bionas-operator', 'ServiceAccount bionas-trainer'],
      lacks: [
        'ClusterRole bionas-operator',
        'ClusterRoleBinding bionas-operator',
        'ClusterRole bionas-edit',
        'ClusterRole bionas-view',
        'ClusterRole bionas-operator-bionas-system-tokens',
        'Job bionas-nats-keys',
      ],
    },
  ],
  [
    'one namespace whose trainers are let into NATS one by one',
    { watchNamespace: 'default', nats: { authCallout: { secretName: 'keys', ttl: '5m' } } },
    {
      has: ['Role bionas-operator', 'ClusterRole bionas-operator-bionas-system-tokens'],
      lacks: ['ClusterRole bionas-operator', 'Job bionas-nats-keys'],
    },
  ],
  [
    'an external NATS that asks for trainers',
    { nats: { enabled: false, external: { url: 'nats://n', authCallout: { secretName: 'k' } } } },
    {
      has: ['ClusterRole bionas-operator-bionas-system-tokens'],
      lacks: ['Job bionas-nats-keys', 'StatefulSet bionas-nats'],
    },
  ],
  [
    'several namespaces that search',
    {
      searchNamespaces: ['default', 'kube-public'],
      trainer: { serviceAccount: { create: true, name: 'learner' } },
    },
    { has: ['ServiceAccount learner', 'NetworkPolicy bionas-trainer'] },
  ],
  [
    'an external NATS, with credentials and an authority of its own',
    {
      nats: {
        enabled: false,
        external: {
          url: 'tls://a.example:4222, tls://b.example:4443'.replace(' ', ''),
          trainerUrl: 'tls://c.example:5222',
          replicas: 3,
          credentials: { secretName: 'nats-credentials' },
          ca: { secretName: 'nats-ca' },
        },
      },
      networkPolicy: { natsPeers: [{ ipBlock: { cidr: '10.1.0.0/16' } }] },
    },
    { lacks: ['StatefulSet bionas-nats', 'Secret bionas-nats-tls', 'Service bionas-nats'] },
  ],
  [
    'three NATS servers with a certificate of cert-manager',
    {
      nats: {
        replicas: 3,
        storage: { size: '1Ti', className: 'fast' },
        tls: { source: 'cert-manager', issuerRef: { name: 'inner', kind: 'ClusterIssuer' } },
        config: 'max_payload: 2MB',
      },
    },
    {
      has: ['Certificate bionas-nats-tls', 'PodDisruptionBudget bionas-nats'],
      lacks: ['Secret bionas-nats-tls'],
    },
  ],
  [
    "NATS with a certificate of one's own",
    { nats: { tls: { source: 'secret', secretName: 'mine' } } },
    { lacks: ['Secret bionas-nats-tls', 'Secret mine'] },
  ],
  [
    'NATS in the clear',
    { nats: { tls: { enabled: false } } },
    { lacks: ['Secret bionas-nats-tls'] },
  ],
  [
    'all of monitoring',
    {
      monitoring: {
        podMonitor: { enabled: true, labels: { release: 'prometheus' } },
        serviceMonitor: { enabled: true, interval: '1m' },
        prometheusRule: { enabled: true },
        dashboard: { enabled: true, annotations: { folder: 'bionas' } },
      },
      networkPolicy: {
        operatorEgress: [{ ports: [{ protocol: 'TCP', port: 4318 }] }],
        metricsPeers: [{ namespaceSelector: { matchLabels: { team: 'see' } } }],
      },
    },
    {
      has: [
        'PodMonitor bionas-operator',
        'ServiceMonitor bionas-operator',
        'PrometheusRule bionas',
        'ConfigMap bionas-dashboard-bionas',
      ],
    },
  ],
  [
    'a dashboard that reads, of all namespaces',
    { dashboard: { enabled: true } },
    {
      has: [
        'Deployment bionas-dashboard',
        'Service bionas-dashboard',
        'ServiceAccount bionas-dashboard',
        'ClusterRole bionas-dashboard',
        'ClusterRoleBinding bionas-dashboard',
        'NetworkPolicy bionas-dashboard',
      ],
      lacks: ['Role bionas-dashboard'],
    },
  ],
  [
    'a dashboard of one namespace behind an ingress, with the ledger and edits',
    {
      watchNamespace: 'default',
      dashboard: {
        enabled: true,
        allowEdits: true,
        hosts: ['searches.example.org'],
        ledger: { enabled: true, credentials: { secretName: 'reader' } },
        podAnnotations: { note: 'x' },
      },
      networkPolicy: { dashboardPeers: [{ namespaceSelector: {} }] },
    },
    {
      has: ['Role bionas-dashboard', 'RoleBinding bionas-dashboard'],
      lacks: ['ClusterRole bionas-dashboard', 'ClusterRoleBinding bionas-dashboard'],
    },
  ],
  [
    'trainers on GPUs, with data in a volume, of low priority',
    {
      trainer: {
        resources: { limits: { 'nvidia.com/gpu': 1, memory: '16Gi' } },
        tolerations: [GPU],
        nodeSelector: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' },
        runtimeClassName: 'nvidia',
        schedulerName: 'volcano',
        priorityClassName: 'bionas-trainer',
        priorityClass: { create: true, value: -1000, preemptionPolicy: 'PreemptLowerPriority' },
        labels: { 'kueue.x-k8s.io/queue-name': 'gpus' },
        annotations: { 'karpenter.sh/do-not-disrupt': 'false' },
        dataset: { claimName: 'imagenet' },
        env: [{ name: 'BIONAS_THREADS', value: '4' }],
        volumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }],
        volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
        scratch: { sizeLimit: '20Gi' },
        podSpec: { resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'one-gpu' }] },
        command: 'node trainer/main.ts --quiet',
      },
      networkPolicy: { trainerEgress: [{ to: [{ ipBlock: { cidr: '10.2.0.0/16' } }] }] },
    },
    { has: ['PriorityClass bionas-trainer'] },
  ],
  [
    'images by digest from another registry',
    {
      imageRegistry: 'registry.example/mirror/',
      imagePullSecrets: [{ name: 'pull' }],
      operator: { image: { digest: DIGEST } },
      trainer: { image: { tag: '0.1.0-cuda12' } },
      nats: { image: { digest: DIGEST, pullPolicy: 'Always' } },
    },
    {},
  ],
  [
    'everything that an operator can be told',
    {
      commonLabels: { team: 'vision', 'app.kubernetes.io/part-of': 'ignored' },
      fullnameOverride: 'bionas',
      operator: {
        replicas: 3,
        logLevel: 'debug',
        qps: 1000,
        burst: 2000,
        reportsMaxAge: '24h',
        duplicateWindow: '30m',
        extraArgs: ['--trainer-command=node main.js'],
        extraEnv: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=600' }],
        extraVolumes: [{ name: 'more', emptyDir: {} }],
        extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
        podLabels: { sidecar: 'no' },
        podAnnotations: { note: 'x' },
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [{ operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { 'app.kubernetes.io/component': 'operator' } },
          },
        ],
        priorityClassName: 'system-cluster-critical',
        podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null },
        serviceAccount: { create: false, name: 'mine' },
        podDisruptionBudget: { enabled: false },
        flowSchema: { enabled: true, matchingPrecedence: 7000 },
      },
      rbac: { create: false },
      networkPolicy: { enabled: false },
    },
    {
      has: ['FlowSchema bionas-operator-bionas-system'],
      lacks: [
        'ServiceAccount bionas-operator',
        'PodDisruptionBudget bionas-operator',
        'ClusterRole bionas-operator',
        'ClusterRole bionas-view',
        'NetworkPolicy bionas-operator',
        'NetworkPolicy bionas-trainer',
        'NetworkPolicy bionas-nats',
      ],
    },
  ],
];
