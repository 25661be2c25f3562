// What a Pod template asks of a cluster, as the API server takes it from the Pod of a trial: unchanged, field by field.
import { beforeAll, expect, test } from 'vitest';
import { Trial } from '../../../crds/index.ts';
import type { Pod } from '../../../operator/reconcilers/index.ts';
import { trialPod } from '../../../operator/reconcilers/trial/pod.ts';
import { startControlPlane } from '../../../scripts/cluster/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { type Json, Room } from '../room.ts';

let room: Room;
beforeAll(async () => {
  const { kubectl } = sharedCluster();
  room = await Room.make(kubectl);
  for (const object of CLASSES) await kubectl(['apply', '-f', '-'], JSON.stringify(object));
});

/** Cluster-wide, under names that no other test has. */
const CLASSES = [
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'golden-priority' },
    value: 7,
  },
  {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'golden-runtime' },
    handler: 'nvidia',
  },
];

const DEFAULTS = {
  image: 'trainer:1',
  command: ['node', 'trainer/main.ts'],
  env: () => [],
  terminationGracePeriodSeconds: 60,
};

const term = (key: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator: 'In', values }],
});

/** Fields of the Pod's spec. */
const SPECS: Readonly<Record<string, Json>> = {
  'a node by its labels': { nodeSelector: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' } },
  'tainted nodes': {
    tolerations: [
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'spot', operator: 'Equal', value: 'yes', effect: 'NoExecute', tolerationSeconds: 30 },
    ],
  },
  'nodes and neighbours': {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [term('topology.kubernetes.io/zone', 'a', 'b')],
        },
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, preference: term('node.kubernetes.io/instance-type', 'p5.48xlarge') },
        ],
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 1,
            podAffinityTerm: {
              labelSelector: { matchLabels: { 'bionas.dev/search': 'night' } },
              topologyKey: 'kubernetes.io/hostname',
            },
          },
        ],
      },
    },
  },
  'zones in turn': {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'bionas.dev/search': 'night' } },
      },
    ],
  },
  'a priority': { priorityClassName: 'golden-priority' },
  'a runtime': { runtimeClassName: 'golden-runtime' },
  'another scheduler, as Volcano is': { schedulerName: 'volcano' },
  'a device by a claim template, and one by a claim': {
    resourceClaims: [
      { name: 'gpu', resourceClaimTemplateName: 'one-gpu' },
      { name: 'shared', resourceClaimName: 'everybodys-gpu' },
    ],
  },
  'a longer grace period': { terminationGracePeriodSeconds: 300 },
  'a gate of a queue': { schedulingGates: [{ name: 'example.com/queue' }] },
};

/** Beta in 1.37, and off unless its gate is set. */
const GANG = { schedulingGroup: { podGroupName: 'together' } };

/** Fields of the trainer's container. */
const CONTAINERS: Readonly<Record<string, Json>> = {
  'a GPU': {
    resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1' } },
  },
  'a time slice': {
    resources: {
      limits: { 'nvidia.com/gpu.shared': '1' },
      requests: { 'nvidia.com/gpu.shared': '1' },
    },
  },
  'a MIG profile': {
    resources: {
      limits: { 'nvidia.com/mig-1g.10gb': '1' },
      requests: { 'nvidia.com/mig-1g.10gb': '1' },
    },
  },
  'its own last words': {
    terminationMessagePolicy: 'File',
    terminationMessagePath: '/tmp/last-words',
  },
};

/** Labels and annotations. */
const METADATA: Readonly<Record<string, Json>> = {
  'a queue of Volcano': {
    annotations: {
      'scheduling.k8s.io/group-name': 'together',
      'scheduling.volcano.sh/queue-name': 'gpus',
      'volcano.sh/preemptable': 'true',
    },
  },
  'a topology of Kueue': {
    annotations: { 'kueue.x-k8s.io/podset-preferred-topology': 'cloud.provider.com/topology-rack' },
  },
  'Karpenter may disrupt': { annotations: { 'karpenter.sh/do-not-disrupt': 'false' } },
};

type Made = Pod & { readonly spec: { readonly containers: readonly Json[] } };

/** The Pod of a trial with this template, as the API server has it. */
async function made(template: Json, where = room): Promise<Made> {
  const manifest = Trial.parse(makeTrialManifest({ template }));
  const metadata = { ...manifest.metadata, name: `golden-${count++}`, uid: 'golden' };
  const { metadata: asked, ...pod } = trialPod(
    { ...manifest, metadata },
    { attempt: 0, rank: 0 },
    DEFAULTS,
  );
  const { ownerReferences: _, namespace: __, ...kept } = asked;
  const text = await where.create({ ...pod, metadata: kept }, '-o', 'json');
  return JSON.parse(text);
}
let count = 0;

const trainer = { name: 'trainer', image: 'trainer:1' };

test.each(Object.entries(SPECS))('%s', async (_what, spec) => {
  const containers = [trainer];
  const pod = await made({ spec: { ...spec, containers } });
  // The API server adds two of its own.
  const { tolerations = [] } = spec;
  const among = { tolerations: expect.arrayContaining(tolerations as unknown[]) };
  expect(pod.spec).toMatchObject({ ...spec, ...among });
});

test('a gang of the API, where it has them', async () => {
  const gate = '--feature-gates=GenericWorkload=true';
  await using plane = await startControlPlane({
    parts: ['etcd', 'kube-apiserver'],
    flags: { 'kube-apiserver': [gate] },
  });
  await plane.kubectl(['create', 'serviceaccount', 'default']);
  const pod = await made({ spec: { ...GANG, containers: [trainer] } }, Room.in(plane.kubectl));
  expect(pod.spec).toMatchObject(GANG);
});

test.each(Object.entries(CONTAINERS))('%s', async (_what, container) => {
  const pod = await made({ spec: { containers: [{ ...trainer, ...container }] } });
  expect(pod.spec.containers[0]).toMatchObject(container);
});

test.each(Object.entries(METADATA))('%s', async (_what, metadata) => {
  const pod = await made({ metadata, spec: { containers: [trainer] } });
  expect(pod.metadata).toMatchObject(metadata);
});

test('all of it at once, under Pod Security `restricted` as well', async () => {
  const { kubectl } = sharedCluster();
  const namespace = await makeNamespace(kubectl);
  const enforce = 'pod-security.kubernetes.io/enforce=restricted';
  await kubectl(['label', 'namespace', namespace, enforce]);
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const { schedulerName: _, ...specs } = Object.assign({}, ...Object.values(SPECS));
  const spec = { ...specs, containers: [{ ...trainer, securityContext }] };
  const manifest = Trial.parse(makeTrialManifest({ template: { spec } }));
  const { metadata, ...pod } = trialPod(manifest, { attempt: 0, rank: 0 }, DEFAULTS);
  const { ownerReferences: __, namespace: ___, ...kept } = metadata;
  const text = JSON.stringify({ ...pod, metadata: kept });
  await kubectl(['-n', namespace, 'create', '--dry-run=server', '-f', '-'], text);
});
