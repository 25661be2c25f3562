// What a trainer's Pod has of a cluster: a token only where the operator lets trainers in by it, and never one for the API.
import { expect, test } from 'vitest';
import { trainerDefaults } from '../../operator/pod-environment.ts';
import type { PodTemplate } from '../../operator/reconcilers/index.ts';
import { trialPod } from '../../operator/reconcilers/trial/pod.ts';
import { makeTrial } from '../builders/objects.ts';

const CONFIG = {
  trainerImage: 'trainer:1',
  trainerCommand: 'node main.js',
  nats: 'nats://n:4222',
  natsReplicas: 3,
};
const WITH_CALLOUT = { ...CONFIG, natsAuthIssuer: '/keys/issuer.seed' };

/** What every Pod of a cluster may write to. */
const TMP = { name: 'tmp', emptyDir: {} };

const podWith = (
  config: Parameters<typeof trainerDefaults>[0]['config'],
  more: { template?: PodTemplate; authority?: string } = {},
  own: PodTemplate = {},
) => {
  const trial = makeTrial({ template: own }).object;
  const { spec } = trialPod(trial, { attempt: 0, rank: 0 }, trainerDefaults({ config, ...more }));
  const [trainer] = spec.containers;
  const env = Object.fromEntries((trainer?.env ?? []).map(({ name, value }) => [name, value]));
  return { spec: spec as Record<string, unknown>, trainer, env };
};

test('without auth callout a Pod has no token at all', () => {
  const { spec, env } = podWith(CONFIG);
  expect(spec['volumes']).toEqual([TMP]);
  expect(spec['automountServiceAccountToken']).toBe(false);
  expect(env).not.toHaveProperty('BIONAS_NATS_TOKEN_FILE');
  expect(env).not.toHaveProperty('BIONAS_NATS_CA_PEM');
  // It makes the bucket itself then, with as many copies as other streams have.
  expect(env['BIONAS_NATS_REPLICAS']).toBe('3');
});

test('with it, one for NATS alone, for an hour, where the trainer is told to look', () => {
  const { spec, trainer, env } = podWith(WITH_CALLOUT);
  const serviceAccountToken = { audience: 'bionas-nats', expirationSeconds: 3600, path: 'token' };
  expect(spec['automountServiceAccountToken']).toBe(false);
  expect(spec['volumes']).toEqual([
    TMP,
    { name: 'bionas-nats-token', projected: { sources: [{ serviceAccountToken }] } },
  ]);
  const mountPath = '/var/run/secrets/bionas.dev/nats';
  expect(trainer?.['volumeMounts']).toEqual([
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'bionas-nats-token', mountPath, readOnly: true },
  ]);
  expect(env['BIONAS_NATS_TOKEN_FILE']).toBe(`${mountPath}/token`);
});

test('volumes and mounts of the templates stand beside it', () => {
  const template = {
    spec: {
      volumes: [{ name: 'data' }],
      containers: [{ name: 'trainer', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    },
  };
  const own = { spec: { volumes: [{ name: 'scratch' }] } };
  const { spec, trainer } = podWith(WITH_CALLOUT, { template }, own);
  const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);
  expect(names(spec['volumes'])).toEqual(['tmp', 'bionas-nats-token', 'data', 'scratch']);
  expect(names(trainer?.['volumeMounts'])).toEqual(['tmp', 'bionas-nats-token', 'data']);
});

test('the authority of NATS goes along as text, and NATS by the name that Pods know', () => {
  const config = { ...CONFIG, trainerNats: 'tls://nats.bionas:4222' };
  const { env } = podWith(config, { authority: 'PEM' });
  expect(env).toMatchObject({
    BIONAS_NATS_URL: 'tls://nats.bionas:4222',
    BIONAS_NATS_CA_PEM: 'PEM',
  });
});
