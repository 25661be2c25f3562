// The example of a shared cluster: what becomes of its labels, its grace period and its time slices.
import { expect, test } from 'vitest';
import { devicesOfTrial } from '../../operator/reconcilers/trial/index.ts';
import { trialPod } from '../../operator/reconcilers/trial/pod.ts';
import { exampleTrials } from '../builders/example-trials.ts';

const trials = exampleTrials('shared-cluster.yaml');
const defaults = {
  image: 'trainer:1',
  command: ['train'],
  env: () => [],
  terminationGracePeriodSeconds: 60,
};

test.each(trials)(
  '$spec.purpose: the Pod of $metadata.name waits in the queue for a quarter of a GPU',
  (trial) => {
    const { metadata, spec } = trialPod(trial, { attempt: 0, rank: 0 }, defaults);
    expect(metadata.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'small-nets' });
    expect(spec).toMatchObject({
      priorityClassName: 'batch',
      terminationGracePeriodSeconds: 120,
      containers: [
        {
          resources: { limits: { 'nvidia.com/gpu.shared': '1' } },
          env: expect.arrayContaining([{ name: 'BIONAS_GRACE_SECONDS', value: '120' }]),
        },
      ],
    });
    expect(devicesOfTrial(trial.spec, undefined)).toBe(0.25);
  },
);
