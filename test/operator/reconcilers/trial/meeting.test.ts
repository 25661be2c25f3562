// What makes the Pods of several workers find each other, and be taken for what belongs together.
import { describe, expect, test } from 'vitest';
import { groupOf } from '../../../../operator/reconcilers/trial/group.ts';
import { meetingPolicy, meetingService } from '../../../../operator/reconcilers/trial/meeting.ts';
import { podName, podPlaceOf, trialPod } from '../../../../operator/reconcilers/trial/pod.ts';
import { makeTrial } from '../../../builders/objects.ts';

const defaults = {
  image: 'trainer:1',
  command: undefined,
  env: (_trial: unknown, attempt: number, rank: number) => [
    { name: 'PLACE', value: `${attempt} ${rank}` },
  ],
  terminationGracePeriodSeconds: 10,
  named: true,
};
const two = makeTrial({ template: { workers: 2, spec: { hostname: 'mine' } } }).object;
const one = makeTrial({ template: { workers: 1 } }).object;
const podOf = (rank: number, trial = two) => trialPod(trial, { attempt: 3, rank }, defaults);
const envOf = ({ spec }: ReturnType<typeof podOf>) =>
  Object.fromEntries((spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));

describe('two workers', () => {
  test('have Pods of their own, that know both', () => {
    const pods = [0, 1].map((rank) => podOf(rank));
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['night-0-3', 'night-0-3-w1']);
    const domain = 'bionas-night-0-uid.default.svc:2222';
    for (const [rank, pod] of pods.entries())
      expect(envOf(pod)).toMatchObject({
        BIONAS_RANK: `${rank}`,
        BIONAS_PEERS: `a3-w0.${domain},a3-w1.${domain}`,
        PLACE: `3 ${rank}`,
      });
  });

  test('are named by a Service of their trial, ready or not', () => {
    const { metadata, spec } = meetingService(two);
    expect(podOf(1).spec).toMatchObject({ hostname: 'a3-w1', subdomain: metadata.name });
    expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(podOf(1).metadata.labels).toMatchObject(spec['selector'] as object);
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'Trial', uid: 'night-0-uid' }]);
  });

  test('let nobody else reach where they meet', () => {
    const podSelector = { matchLabels: { 'bionas.dev/trial': 'night-0' } };
    expect(meetingPolicy(two).spec).toEqual({
      podSelector,
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector }], ports: [{ protocol: 'TCP', port: 2222 }] }],
    });
  });

  test('are one group, of this attempt alone', () => {
    const group = { name: 'night-0-3', size: 2 };
    expect(groupOf(podOf(0).metadata)).toEqual(group);
    expect(groupOf(podOf(1).metadata)).toEqual(group);
    const next = trialPod(two, { attempt: 4, rank: 0 }, defaults);
    expect(groupOf(next.metadata)?.name).toBe('night-0-4');
  });

  test('are told by whoever runs them where there are no names', () => {
    const pod = trialPod(two, { attempt: 0, rank: 1 }, { ...defaults, named: false });
    expect(envOf(pod)).not.toHaveProperty('BIONAS_PEERS');
    expect(pod.spec).toMatchObject({ hostname: 'mine' });
  });
});

test('one worker has a Pod as ever', () => {
  const pod = podOf(0, one);
  expect(envOf(pod)).not.toHaveProperty('BIONAS_RANK');
  expect(groupOf(pod.metadata)).toBeUndefined();
  expect(pod.spec).not.toHaveProperty('subdomain');
});

describe('in a queue of Kueue', () => {
  const queued = (name: string, from: 'trial' | 'template') => {
    const labels = { 'kueue.x-k8s.io/queue-name': 'gpus' };
    const own = from === 'template' ? { metadata: { labels } } : {};
    const { object } = makeTrial({ template: { workers: 2, ...own } });
    const metadata = { ...object.metadata, name, ...(from === 'trial' ? { labels } : {}) };
    return podOf(1, { ...object, metadata }).metadata;
  };

  test.each(['trial', 'template'] as const)('named by its %s, all are let in or none', (from) => {
    const { labels, annotations } = queued('night-0', from);
    expect(labels).toMatchObject({ 'kueue.x-k8s.io/pod-group-name': 'night-0-3' });
    expect(annotations).toMatchObject({
      'kueue.x-k8s.io/pod-group-total-count': '2',
      'kueue.x-k8s.io/retriable-in-group': 'false',
    });
  });

  test('a group has a name that a label can hold', () => {
    const name = 'n'.repeat(63);
    const label = (queued(name, 'trial').labels as Record<string, string>)[
      'kueue.x-k8s.io/pod-group-name'
    ];
    expect(label).toBe('night-0-uid-3');
    expect(podName(two, 3, 1)).toBe('night-0-3-w1');
  });
});

test.each<[string, ReturnType<typeof podPlaceOf>]>([
  [podName(two, 3), { attempt: 3, rank: 0 }],
  [podName(two, 12, 10), { attempt: 12, rank: 10 }],
  ['night-0', undefined],
  ['night-0-', undefined],
  ['night-0-1-0', undefined],
  ['night-0-1-w', undefined],
  ['night-00-1', undefined],
])('a Pod %s has its place in its name, and those of others have none', (name, place) => {
  expect(podPlaceOf('night-0', name)).toEqual(place);
});
