// All that the chart renders, as a real API server takes it: every field known, every Pod within Pod Security `restricted`.
// PodMonitor and the like are taken by stand-ins (stand-ins.ts), which know no fields.
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { trainerDefaults } from '../../../operator/pod-environment.ts';
import { trialPod } from '../../../operator/reconcilers/trial/pod.ts';
import { installYaml } from '../../../scripts/charts/install-yaml.ts';
import { makeTrial } from '../../builders/objects.ts';
import { MATRIX } from '../../charts/matrix.ts';
import { NAMESPACE, one, type Rendered, realHelm, render } from '../../charts/rendered.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { serveStandIns } from './stand-ins.ts';

const { kubectl, kubeconfig } = sharedCluster();
const helm = await realHelm(kubeconfig);
let restricted: string;

beforeAll(async () => {
  await serveStandIns(kubectl);
  await kubectl(['create', 'namespace', NAMESPACE]);
  restricted = await makeNamespace(kubectl);
  const enforced = 'pod-security.kubernetes.io/enforce=restricted';
  await kubectl(['label', 'namespace', restricted, enforced]);
});

/** Whose Pods differ most. */
const OF_PODS = MATRIX.filter(([story]) => /^(with no values|everything|trainers)/.test(story));

const tried = (objects: readonly unknown[], ...flags: string[]) => {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const create = ['create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-'];
  return kubectl([...create, ...flags], JSON.stringify(list));
};

describe.skipIf(helm === undefined)('an API server', () => {
  test.each(MATRIX)('takes what is rendered %s', async (_story, values) => {
    const objects = helm === undefined ? [] : await render(helm, values);
    const taken = (await tried(objects)).trim().split('\n');
    expect(taken).toHaveLength(objects.length);
  });

  test.each(OF_PODS)('holds the Pods to be restricted %s', async (_story, values) => {
    const objects = helm === undefined ? [] : await render(helm, values);
    const pods = podsOf(objects).map(bare);
    const taken = (await tried(pods, '--namespace', restricted)).trim().split('\n');
    expect(taken).toHaveLength(pods.length);
  });

  test('takes the file for kubectl, in which there is no key', async () => {
    const text = helm === undefined ? '' : await installYaml(helm);
    expect(text).not.toMatch(/kind: Secret|PRIVATE KEY|tls\.key: /);
    const apply = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'];
    const taken = await kubectl([...apply, '-o', 'name'], text);
    expect(taken).toContain('customresourcedefinition.apiextensions.k8s.io/trials.bionas.dev');
    expect(taken).toContain('deployment.apps/bionas-operator');
  });

  test('refuses a Pod that is not', async () => {
    const objects = helm === undefined ? [] : await render(helm);
    const [pod] = podsOf(objects).map(bare);
    const loose = { ...pod, spec: { ...pod?.spec, hostNetwork: true } };
    await expect(tried([loose], '--namespace', restricted)).rejects.toThrow(
      /violates PodSecurity "restricted/,
    );
  });
});

interface Pod {
  readonly metadata: object;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Of all that makes Pods, helm test, and a trainer. */
function podsOf(objects: readonly Rendered[]): Pod[] {
  const made = objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map((object) => ({ metadata: { name: object.metadata.name }, spec: object['spec'] }))
    .map(({ metadata, spec }): Pod => ({ metadata, spec: spec.template.spec }));
  const { spec } = one(objects, 'Pod', 'bionas-test') as unknown as Pod;
  const template = parse(one(objects, 'ConfigMap', 'bionas-trainer')['data']['template.yaml']);
  const settings = { trainerImage: 'trainer', nats: 'nats://n', natsReplicas: 1 };
  const config = { ...settings, natsAuthIssuer: 'issuer.seed' };
  const trainer: Pod = trialPod(
    makeTrial().object,
    { attempt: 0, rank: 0 },
    trainerDefaults({ config, template }),
  );
  const metadata = { name: 'trainer' };
  return [...made, { metadata: { name: 'test' }, spec }, { metadata, spec: trainer.spec }];
}

/** Without the names of what must be there before, and of volumes that a StatefulSet adds. */
function bare({ metadata, spec }: Pod) {
  const { serviceAccountName, priorityClassName, runtimeClassName, ...rest } = spec;
  const volumes = (spec['volumes'] ?? []) as readonly object[];
  const data = { name: 'data', emptyDir: {} };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { ...rest, restartPolicy: 'Always', volumes: [...volumes, data] },
  };
}
