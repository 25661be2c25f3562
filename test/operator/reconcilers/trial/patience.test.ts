import { describe, expect, test } from 'vitest';
import type { Pod, PodStatus } from '../../../../operator/reconcilers/index.ts';
import { DEADLINES } from '../../../../operator/reconcilers/trial/index.ts';
import { patienceWith } from '../../../../operator/reconcilers/trial/patience.ts';
import { at, makePod, START_MS } from '../../../builders/objects.ts';

const HOUR = 3_600_000;

const pod = (status: PodStatus, spec: Partial<Pod['spec']> = {}): Pod => {
  const { object } = makePod();
  return { ...object, spec: { ...object.spec, ...spec }, status: { phase: 'Pending', ...status } };
};

const unscheduled = (reason: string) => ({
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason,
      message: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu',
      lastTransitionTime: at(60),
    },
  ],
});

const onNode = { conditions: [{ type: 'PodScheduled', status: 'True' }], startTime: at(30) };
const waiting = (reason: string) => ({
  ...onNode,
  containerStatuses: [{ name: 'trainer', state: { waiting: { reason, message: 'no such tag' } } }],
});

const ask = (of: Pod, heardMs = START_MS, evenSinceMs = Number.NEGATIVE_INFINITY) =>
  patienceWith({
    pod: of,
    deadlines: DEADLINES,
    heardMs,
    nowMs: START_MS + 10 * HOUR,
    evenSinceMs,
  });

describe('queued on purpose, it waits without limit', () => {
  test.each([
    [
      'by a gate, as Kueue does',
      pod({}, { schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] }),
    ],
    ['as the scheduler says', pod(unscheduled('SchedulingGated'))],
    ['for a slot that nobody gave yet', pod({})],
  ])('%s', (_how, queued) => {
    expect(ask(queued)).toMatchObject({ reason: 'Queued' });
    expect(ask(queued).deadlineMs).toBeUndefined();
  });
});

describe('every other wait has a deadline, a reason and a price', () => {
  test.each([
    {
      what: 'no room on any node',
      stuck: pod(unscheduled('Unschedulable')),
      want: { reason: 'Unschedulable', deadlineMs: START_MS + 60_000 + 24 * HOUR, costs: 'trial' },
    },
    {
      what: 'an image that is not there',
      stuck: pod(waiting('ImagePullBackOff')),
      want: { reason: 'ImagePullFailed', deadlineMs: START_MS + 30_000 + HOUR / 6, costs: 'trial' },
    },
    {
      what: 'a secret that is not there',
      stuck: pod(waiting('CreateContainerConfigError')),
      want: { reason: 'ImagePullFailed', deadlineMs: START_MS + 30_000 + HOUR / 6, costs: 'trial' },
    },
    {
      what: 'a container that is being made',
      stuck: pod(waiting('ContainerCreating')),
      want: { reason: 'NotStarted', deadlineMs: START_MS + 30_000 + HOUR, costs: 'attempt' },
    },
    {
      what: 'a trainer that says nothing',
      stuck: makePod().running(90).object,
      want: { reason: 'Silent', deadlineMs: START_MS + 90_000 + HOUR / 2, costs: 'attempt' },
    },
  ])('$what', ({ stuck, want }) => {
    expect(ask(stuck)).toMatchObject(want);
  });

  test('its message says what the scheduler says', () => {
    expect(ask(pod(unscheduled('Unschedulable'))).message).toContain(
      '3 Insufficient nvidia.com/gpu',
    );
  });

  test('a trainer that was heard is waited for anew', () => {
    const heardMs = START_MS + 5 * HOUR;
    expect(ask(makePod().running().object, heardMs).deadlineMs).toBe(heardMs + HOUR / 2);
  });

  test('a node whose clock is ahead costs nothing', () => {
    const ahead = makePod().running(100 * 3600).object;
    expect(ask(ahead).sinceMs).toBe(START_MS + 10 * HOUR);
  });
});
