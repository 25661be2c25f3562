// The operator on a cluster by plain manifests: account, rights, Deployment.
import { containerSecurity, podSecurity, tmp } from './restricted.ts';

const RULES = [
  { apiGroups: ['bionas.dev'], resources: ['bionassearches', 'trials'], verbs: ['*'] },
  {
    apiGroups: ['bionas.dev'],
    resources: ['bionassearches/status', 'trials/status'],
    verbs: ['*'],
  },
  {
    apiGroups: ['bionas.dev'],
    resources: ['bionassearches/finalizers', 'trials/finalizers'],
    verbs: ['update'],
  },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch', 'create', 'delete'] },
  { apiGroups: ['events.k8s.io', ''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'patch'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];

export interface OperatorWish {
  readonly namespace: string;
  readonly image: string;
  readonly trainerImage: string;
  readonly nats: string;
}

export function operatorManifests({ namespace, image, trainerImage, nats }: OperatorWish) {
  const metadata = { name: 'bionas', namespace };
  const rbac = 'rbac.authorization.k8s.io';
  const labels = { app: 'bionas' };
  const role = { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: 'bionas' } };
  const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: 'bionas' };
  const subjects = [{ kind: 'ServiceAccount', name: 'bionas', namespace }];
  const container = {
    name: 'operator',
    image,
    args: [`--nats=${nats}`, `--trainer-image=${trainerImage}`, `--lease-namespace=${namespace}`],
    ports: [{ name: 'health', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/readyz', port: 'health' }, periodSeconds: 1 },
    livenessProbe: { httpGet: { path: '/healthz', port: 'health' } },
    securityContext: containerSecurity,
    volumeMounts: [tmp.mount],
  };
  const spec = {
    nodeSelector: { 'bionas.dev/real': 'true' },
    serviceAccountName: 'bionas',
    securityContext: podSecurity,
    containers: [container],
    volumes: [tmp.volume],
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { ...role, rules: RULES },
    { ...role, kind: 'ClusterRoleBinding', roleRef, subjects },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ];
}
