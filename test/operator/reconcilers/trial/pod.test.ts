import { describe, expect, test } from 'vitest';
import { trialPod } from '../../../../operator/reconcilers/trial/pod.ts';
import { RESTRICTED } from '../../../../operator/reconcilers/trial/restricted.ts';
import { makeTrial } from '../../../builders/objects.ts';

const defaults = {
  image: 'trainer:1',
  command: ['node', 'main.js'],
  env: () => [{ name: 'BIONAS_THREADS', value: '2' }],
  terminationGracePeriodSeconds: 10,
};

type Fields = Readonly<Record<string, unknown>>;

const template = {
  metadata: { labels: { team: 'blue' }, annotations: { note: 'mine' } },
  spec: {
    priorityClassName: 'low',
    fieldOfTheFuture: { deep: [1, { two: null }] },
    terminationGracePeriodSeconds: 60,
    restartPolicy: 'Always',
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    containers: [
      { name: 'sidecar', image: 'log:1' },
      {
        name: 'trainer',
        image: 'mine:2',
        resources: { limits: { 'nvidia.com/gpu': 1 } },
        env: [{ name: 'HTTP_PROXY', value: 'there' }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

test('a template passes through unchanged, but for what makes it the trainer of this trial', () => {
  const { object: trial } = makeTrial({ template });
  const { template: _, ...spec } = trial.spec;
  const metadata = { name: 'night-0', namespace: 'default', uid: 'night-0-uid' };
  const document = { apiVersion: trial.apiVersion, kind: 'Trial', metadata, spec };
  expect(trialPod(trial, { attempt: 3, rank: 0 }, defaults)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'night-0-3',
      namespace: 'default',
      labels: { team: 'blue', 'bionas.dev/search': 'night', 'bionas.dev/trial': 'night-0' },
      annotations: { 'karpenter.sh/do-not-disrupt': 'true', note: 'mine' },
      ownerReferences: [
        {
          apiVersion: 'bionas.dev/v1alpha1',
          kind: 'Trial',
          name: 'night-0',
          uid: 'night-0-uid',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...template.spec,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      containers: [
        {
          ...template.spec.containers[1],
          command: ['node', 'main.js'],
          terminationMessagePolicy: 'FallbackToLogsOnError',
          env: [
            { name: 'BIONAS_TRIAL', value: JSON.stringify(document) },
            { name: 'BIONAS_ATTEMPT', value: '3' },
            { name: 'BIONAS_GRACE_SECONDS', value: '60' },
            { name: 'BIONAS_DEVICE', value: 'gpu' },
            { name: 'BIONAS_THREADS', value: '2' },
            { name: 'HTTP_PROXY', value: 'there' },
          ],
        },
        template.spec.containers[0],
      ],
    },
  });
});

test('without a template the trainer is all there is', () => {
  const { spec } = trialPod(makeTrial().object, { attempt: 0, rank: 0 }, defaults);
  expect(spec).toMatchObject({ restartPolicy: 'Never', terminationGracePeriodSeconds: 10 });
  expect(spec.containers).toMatchObject([
    { name: 'trainer', image: 'trainer:1', command: ['node', 'main.js'] },
  ]);
});

test('the same trial and attempt give the same Pod', () => {
  const { object } = makeTrial({ template });
  expect(trialPod(object, { attempt: 1, rank: 0 }, defaults)).toEqual(
    trialPod(object, { attempt: 1, rank: 0 }, defaults),
  );
});

test("the cluster's template lies under that of the search", () => {
  const cluster = {
    metadata: { labels: { team: 'red', zone: 'a' } },
    spec: {
      priorityClassName: 'high',
      runtimeClassName: 'nvidia',
      volumes: [{ name: 'cache', hostPath: { path: '/cache' } }],
      containers: [
        {
          name: 'trainer',
          imagePullPolicy: 'Never',
          command: ['trainer', '--cluster'],
          env: [{ name: 'BIONAS_CACHE', value: '/cache' }],
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
        { name: 'exporter', image: 'exporter:1' },
      ],
    },
  };
  const pod = trialPod(
    makeTrial({ template }).object,
    { attempt: 0, rank: 0 },
    { ...defaults, template: cluster },
  );
  expect(pod.metadata.labels).toMatchObject({ team: 'blue', zone: 'a' });
  expect(pod.spec).toMatchObject({
    priorityClassName: 'low',
    runtimeClassName: 'nvidia',
    tolerations: template.spec.tolerations,
    volumes: [...cluster.spec.volumes, ...template.spec.volumes],
  });
  const [trainer, ...others] = pod.spec.containers;
  expect(others.map(({ name }) => name)).toEqual(['sidecar', 'exporter']);
  expect(trainer).toMatchObject({
    image: 'mine:2',
    imagePullPolicy: 'Never',
    command: ['trainer', '--cluster'],
    volumeMounts: [
      { name: 'cache', mountPath: '/cache' },
      { name: 'data', mountPath: '/data' },
    ],
  });
  expect(trainer?.env?.slice(-2).map(({ name }) => name)).toEqual(['BIONAS_CACHE', 'HTTP_PROXY']);
});

test('without a command of its own, the image says what starts', () => {
  const { object: trial } = makeTrial();
  const [container] = trialPod(trial, { attempt: 0, rank: 0 }, { ...defaults, command: undefined })
    .spec.containers;
  expect(container).not.toHaveProperty('command');
});

test('what the template says of disruption, last words and environment holds', () => {
  const own = {
    metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'false' } },
    spec: { containers: [{ name: 'trainer', terminationMessagePolicy: 'File' }] },
  };
  const pod = trialPod(makeTrial({ template: own }).object, { attempt: 0, rank: 0 }, defaults);
  expect(pod.metadata.annotations).toEqual({ 'karpenter.sh/do-not-disrupt': 'false' });
  expect(pod.spec.containers[0]).toMatchObject({ terminationMessagePolicy: 'File' });
});

const envOf = (pod: ReturnType<typeof trialPod>) =>
  Object.fromEntries((pod.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));

test.each([
  ['of the operator where nobody says', {}, '10'],
  ['of the template', { spec: { terminationGracePeriodSeconds: 300 } }, '300'],
  ['even none', { spec: { terminationGracePeriodSeconds: 0 } }, '0'],
])('the trainer knows its grace period: %s', (_whose, own, seconds) => {
  const pod = trialPod(makeTrial({ template: own }).object, { attempt: 0, rank: 0 }, defaults);
  expect(envOf(pod)).toMatchObject({ BIONAS_GRACE_SECONDS: seconds });
  expect(pod.spec.terminationGracePeriodSeconds).toBe(Number(seconds));
});

test('labels for Kueue reach the Pod, over those of the template; others of the trial do not', () => {
  const { object } = makeTrial({
    template: { metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'template' } } },
  });
  const labels = {
    'kueue.x-k8s.io/queue-name': 'gpus',
    'kueue.x-k8s.io/priority-class': 'low',
    other: 'label',
  };
  const trial = { ...object, metadata: { ...object.metadata, labels } };
  expect(trialPod(trial, { attempt: 0, rank: 0 }, defaults).metadata.labels).toEqual({
    'kueue.x-k8s.io/queue-name': 'gpus',
    'kueue.x-k8s.io/priority-class': 'low',
    'bionas.dev/search': 'night',
    'bionas.dev/trial': 'night-0',
  });
});

describe('on a cluster', () => {
  const under = (spec: object) =>
    trialPod(
      makeTrial({ template: { spec } }).object,
      { attempt: 0, rank: 0 },
      { ...defaults, template: RESTRICTED },
    ).spec;
  const tmp = { name: 'tmp', emptyDir: {} };

  test('a trainer may do no more than Pod Security calls restricted', () => {
    const spec: Fields = under({});
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      volumes: [tmp],
    });
    expect(spec['containers']).toMatchObject([
      {
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ]);
  });

  test('a template says otherwise as a whole', () => {
    const spec: Fields = under({
      securityContext: { runAsUser: 1000 },
      containers: [{ name: 'trainer', securityContext: { privileged: true } }],
    });
    expect(spec['securityContext']).toEqual({ runAsUser: 1000 });
    expect(spec['containers']).toMatchObject([{ securityContext: { privileged: true } }]);
    expect(JSON.stringify(spec)).not.toContain('readOnlyRootFilesystem');
  });

  test('a volume or a mount of a template takes the place of that of its name or path', () => {
    const own = { name: 'tmp', emptyDir: { medium: 'Memory' } };
    const data = { name: 'data', emptyDir: {} };
    const mount = { name: 'data', mountPath: '/tmp' };
    const spec: Fields = under({
      volumes: [own, data],
      containers: [{ name: 'trainer', volumeMounts: [mount] }],
    });
    expect(spec['volumes']).toEqual([own, data]);
    expect(spec['containers']).toMatchObject([{ volumeMounts: [mount] }]);
  });
});
