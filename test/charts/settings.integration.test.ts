// What values become, read by those who are to read it: flags by the operator's own parser, the Pod template by the operator
// and by the reconciler that makes Pods of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type OperatorConfig, withOperatorOptions } from '../../operator/config.ts';
import { trainerDefaults } from '../../operator/pod-environment.ts';
import { trialPod } from '../../operator/reconcilers/trial/pod.ts';
import { readTrainerTemplate } from '../../operator/trainer-template.ts';
import type { Helm } from '../../scripts/charts/helm.ts';
import { makeTrial } from '../builders/objects.ts';
import { MATRIX } from './matrix.ts';
import { chartPath, type GivenValues, one, type Rendered, realHelm, render } from './rendered.ts';

const found = await realHelm();
const helm: Helm = async (...args) => found?.(...args) ?? '';
const folder = mkdtempSync(join(tmpdir(), 'bionas-chart-'));
afterAll(() => rmSync(folder, { recursive: true }));

const valuesOf = (start: string): GivenValues =>
  MATRIX.find(([story]) => story.startsWith(start))?.[1] ?? {};

function configOf(objects: readonly Rendered[]): OperatorConfig {
  const { containers } = one(objects, 'Deployment', 'bionas-operator')['spec'].template.spec;
  const command = new Command('operator').exitOverride().configureOutput({ writeErr: () => {} });
  return withOperatorOptions(command).parse(containers[0].args, { from: 'user' }).opts();
}

function templateOf(objects: readonly Rendered[]) {
  const file = join(folder, 'template.yaml');
  writeFileSync(file, one(objects, 'ConfigMap', 'bionas-trainer')['data']['template.yaml']);
  return readTrainerTemplate(file);
}

function trainerPod(objects: readonly Rendered[]) {
  const settings = { config: configOf(objects), template: templateOf(objects) };
  return trialPod(makeTrial().object, { attempt: 0, rank: 0 }, trainerDefaults(settings));
}

describe.skipIf(found === undefined)("the operator's flags", () => {
  test.each(MATRIX)('are its own, %s', async (_story, values) => {
    expect(configOf(await render(helm, values))).toMatchObject({
      leaderElect: true,
      leaseNamespace: 'bionas-system',
      healthPort: 8080,
    });
  });

  test('say what the values say', async () => {
    const objects = await render(helm, valuesOf('everything that an operator'));
    expect(configOf(objects)).toMatchObject({
      nats: 'tls://bionas-nats.bionas-system.svc:4222',
      reportsMaxAge: 24 * 3_600_000,
      duplicateWindow: 30 * 60_000,
      qps: 1000,
      burst: 2000,
      logLevel: 'debug',
      trainerCommand: 'node main.js',
    });
    expect(configOf(objects).namespace).toBeUndefined();
  });

  test('lead to an external NATS', async () => {
    const objects = await render(helm, valuesOf('an external NATS, with'));
    expect(configOf(objects)).toMatchObject({
      nats: 'tls://a.example:4222,tls://b.example:4443',
      trainerNats: 'tls://c.example:5222',
      natsReplicas: 3,
      natsCreds: '/etc/bionas/nats-credentials/nats.creds',
      natsCa: '/etc/bionas/nats-ca/ca.crt',
    });
    expect(configOf(objects)).not.toHaveProperty('natsAuthIssuer');
  });

  test("answer for trainers, by the keys that the release's Job makes", async () => {
    const objects = await render(helm);
    const keys = '/etc/bionas/nats-keys';
    expect(configOf(objects)).toMatchObject({
      natsNkey: `${keys}/operator.seed`,
      natsAuthIssuer: `${keys}/issuer.seed`,
      natsAuthXkey: `${keys}/xkey.seed`,
      natsAuthTtl: 600_000,
    });
    const { volumes } = one(objects, 'Deployment', 'bionas-operator')['spec'].template.spec;
    const [job] = one(objects, 'Job')['spec'].template.spec.containers;
    expect(volumes).toContainEqual({
      name: 'nats-keys',
      secret: { secretName: 'bionas-nats-keys' },
    });
    expect(job.args).toContain('--name=bionas-nats-keys');
  });

  test('name the one namespace', async () => {
    expect(configOf(await render(helm, { watchNamespace: 'lab' })).namespace).toBe('lab');
  });
});

describe.skipIf(found === undefined)('trainer Pods', () => {
  const TOKEN = { name: 'bionas-nats-token', readOnly: true };

  test('are restricted, and write to /tmp only', async () => {
    const { spec } = trainerPod(await render(helm));
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          image: 'bionas-trainer:0.1.0',
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, TOKEN],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }, { name: TOKEN.name }],
    });
  });

  test('have what the values give them', async () => {
    const { trainer } = valuesOf('trainers on GPUs') as {
      trainer: Record<string, unknown> & { podSpec: object; labels: object; annotations: object };
    };
    const objects = await render(helm, { trainer });
    expect(configOf(objects).trainerCommand).toBe(trainer['command']);
    const { metadata, spec } = trainerPod(objects);
    const { resources, env, volumes } = trainer;
    const { tolerations, nodeSelector, runtimeClassName, schedulerName, priorityClassName } =
      trainer;
    expect(metadata).toMatchObject({ labels: trainer.labels, annotations: trainer.annotations });
    expect(spec).toMatchObject({
      ...trainer.podSpec,
      ...{ tolerations, nodeSelector, runtimeClassName, schedulerName, priorityClassName },
      containers: [
        {
          resources,
          env: expect.arrayContaining(env as unknown[]),
          volumeMounts: expect.arrayContaining([
            { name: 'dataset', mountPath: '/data', readOnly: true },
            { name: 'shm', mountPath: '/dev/shm' },
          ]),
        },
      ],
      volumes: expect.arrayContaining([
        { name: 'tmp', emptyDir: { sizeLimit: '20Gi' } },
        { name: 'dataset', persistentVolumeClaim: { claimName: 'imagenet', readOnly: true } },
        ...(volumes as unknown[]),
      ]),
    });
  });
});

describe.skipIf(found === undefined)('images', () => {
  test('go by digest before tag, from the registry given', async () => {
    const values = valuesOf('images by digest');
    const objects = await render(helm, values);
    const pods = ['Deployment', 'StatefulSet'].map((kind) => one(objects, kind)['spec'].template);
    const images = pods.map(({ spec }) => spec.containers[0].image);
    expect(images).toEqual([
      expect.stringMatching(/^registry\.example\/mirror\/bionas-operator@sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/^registry\.example\/mirror\/nats@sha256:[0-9a-f]{64}$/),
    ]);
    expect(configOf(objects).trainerImage).toBe(
      'registry.example/mirror/bionas-trainer:0.1.0-cuda12',
    );
    for (const { spec } of [...pods, trainerPod(objects)])
      expect(spec).toMatchObject({ imagePullSecrets: [{ name: 'pull' }] });
  });
});

test.skipIf(found === undefined)('alerts and dashboards are those of their files', async () => {
  const objects = await render(helm, valuesOf('all of monitoring'));
  const file = (path: string) => readFileSync(join(chartPath('bionas'), path), 'utf8');
  const { groups } = parse(file('alerts/bionas.yaml'));
  expect(one(objects, 'PrometheusRule')['spec']).toEqual({ groups });
  const { data } = one(objects, 'ConfigMap', 'bionas-dashboard-bionas');
  expect(JSON.parse(data['bionas.json'])).toEqual(JSON.parse(file('dashboards/bionas.json')));
});

describe.skipIf(found === undefined)('trainers reach', () => {
  const egressOf = async (values: GivenValues) =>
    one(await render(helm, values), 'NetworkPolicy', 'bionas-trainer')['spec'];
  const DNS = {
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  };

  const WORKERS = {
    to: [{ podSelector: { matchExpressions: [{ key: 'bionas.dev/trial', operator: 'Exists' }] } }],
    ports: [{ protocol: 'TCP', port: 2222 }],
  };

  test("DNS, the chart's NATS and other trainers, and nobody reaches them", async () => {
    const { policyTypes, ingress, egress } = await egressOf({});
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(ingress).toEqual([]);
    expect(egress).toMatchObject([DNS, { ports: [{ port: 4222 }] }, WORKERS]);
    expect(egress[1].to[0].podSelector.matchLabels).toMatchObject({
      'app.kubernetes.io/component': 'nats',
    });
  });

  test('an external NATS on the ports of its URLs, where it is said to be', async () => {
    const { egress } = await egressOf(valuesOf('an external NATS, with'));
    const ports = [4222, 4443, 5222].map((port) => ({ protocol: 'TCP', port }));
    const nats = { ports, to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] };
    expect(egress).toMatchObject([DNS, nats, WORKERS]);
  });

  test('what they are let to besides', async () => {
    const { egress } = await egressOf(valuesOf('trainers on GPUs'));
    expect(egress.at(-1)).toEqual({ to: [{ ipBlock: { cidr: '10.2.0.0/16' } }] });
  });
});
