// What a release makes once and keeps: the certificate of its NATS, and the keys by which NATS asks the operator.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { chartPath, one, realHelm, render } from '../../charts/rendered.ts';
import { kubeconfigWith, makeNamespace, sharedCluster } from '../harness/index.ts';

const { kubectl, kubeconfig, token } = sharedCluster();
const helm = await realHelm(kubeconfig);
const KEYS = 'bionas-nats-keys';
const PROGRAM = fileURLToPath(new URL('../../../operator/nats-keys.ts', import.meta.url));

describe.skipIf(helm === undefined)('a release', () => {
  let namespace: string;
  beforeAll(async () => {
    namespace = await makeNamespace(kubectl);
  });
  const release = async (...args: string[]) => helm?.([...args, '--namespace', namespace]);
  const secret = async (name: string): Promise<Readonly<Record<string, string>>> =>
    JSON.parse(await kubectl(['-n', namespace, 'get', 'secret', name, '-o', 'json'])).data;

  test('makes keys by a Job that may do nothing else, and leaves them when they are there', async () => {
    const objects = helm === undefined ? [] : await render(helm);
    const ofJob = objects.filter(({ metadata }) => metadata.name === KEYS);
    const items = ofJob
      .filter(({ kind }) => kind !== 'Job')
      .map((object) => JSON.stringify(object).replaceAll('bionas-system', namespace))
      .map((text) => JSON.parse(text));
    await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const own = (await kubectl(['-n', namespace, 'create', 'token', KEYS])).trim();
    const asJob = await kubeconfigWith(kubeconfig, [[token, own]]);
    const { containers } = one(ofJob, 'Job')['spec'].template.spec;
    const args: string[] = containers[0].args;
    const here = args.map((arg) => arg.replace('bionas-system', namespace));
    const run = async () => {
      const words = ['--disable-warning=ExperimentalWarning', PROGRAM, ...here];
      return (await promisify(execFile)('node', [...words, '--kubeconfig', asJob])).stdout;
    };
    expect(await run()).toBe(`made Secret ${namespace}/${KEYS}\n`);
    const made = await secret(KEYS);
    expect(await run()).toBe(`Secret ${namespace}/${KEYS} is there, and stays\n`);
    expect(await secret(KEYS)).toEqual(made);
    expect(Object.keys(made)).toEqual(['auth.conf', 'issuer.seed', 'operator.seed', 'xkey.seed']);
    const may = (verb: string) => ['auth', 'can-i', verb, 'secrets', '-n', namespace];
    const asked = kubectl([...may('get'), '--as', `system:serviceaccount:${namespace}:${KEYS}`]);
    await expect(asked).rejects.toThrow();
    await kubectl(['-n', namespace, 'delete', 'sa,role,rolebinding', KEYS]);
  });

  test('makes no Job where the keys are there, and keeps its certificate through an upgrade and a new installation', async () => {
    await release('install', 'bionas', chartPath('bionas'));
    const hooks = await release('get', 'hooks', 'bionas');
    expect(hooks).toContain('bionas-test');
    expect(hooks).not.toContain(KEYS);
    const first = await secret('bionas-nats-tls');
    await release('upgrade', 'bionas', chartPath('bionas'), '--set', 'operator.replicas=3');
    expect(await secret('bionas-nats-tls')).toEqual(first);
    await release('uninstall', 'bionas');
    await release('install', 'bionas', chartPath('bionas'));
    expect(await secret('bionas-nats-tls')).toEqual(first);
    await secret(KEYS);
  });

  test('does not make one NATS server into three, which would forget its streams', async () => {
    const asked = release('upgrade', 'bionas', chartPath('bionas'), '--set', 'nats.replicas=3');
    await expect(asked).rejects.toThrow(
      /nats.replicas: expected 1, which is what StatefulSet bionas-nats has, got 3/,
    );
    await release('uninstall', 'bionas');
  });
});
