// The command that makes the keys of auth callout: as a manifest that kubectl takes, and as a Secret that is made once.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startNats } from '../../../scripts/cluster/index.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../../operator/nats-keys.ts', import.meta.url));
const { kubeconfig, kubectl } = sharedCluster();
let namespace: string;

beforeAll(async () => {
  namespace = await makeNamespace(kubectl);
});

const keys = async (...flags: string[]): Promise<string> => {
  const quiet = '--disable-warning=ExperimentalWarning';
  const { stdout } = await run(process.execPath, [
    quiet,
    MAIN,
    `--namespace=${namespace}`,
    ...flags,
  ]);
  return stdout;
};

async function secret(name: string): Promise<Readonly<Record<string, string>>> {
  const text = await kubectl(['-n', namespace, 'get', 'secret', name, '-o', 'json']);
  const data = Object.entries(JSON.parse(text).data as Record<string, string>);
  return Object.fromEntries(
    data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

test('what it prints is a Secret, whose configuration a server takes and whose seed opens it', async () => {
  await kubectl(['create', '-f', '-'], await keys('--name=printed'));
  const data = await secret('printed');
  expect(Object.keys(data).sort()).toEqual([
    'auth.conf',
    'issuer.seed',
    'operator.seed',
    'xkey.seed',
  ]);
  const seed = data['operator.seed'] ?? '';
  expect(data['auth.conf']).not.toMatch(/\bS[AUX][A-Z2-7]{30}/);
  const directory = await mkdtemp(join(tmpdir(), 'bionas-nats-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'auth.conf'), data['auth.conf'] ?? '');
  const nats = await startNats({ directory, configuration: 'include ./auth.conf' });
  try {
    const authenticator = nkeyAuthenticator(Buffer.from(seed));
    const connection = await connect({ servers: nats.url, authenticator });
    expect((await connection.request('$JS.API.INFO')).json()).toHaveProperty('streams', 0);
    await connection.close();
    const stranger = connect({ servers: nats.url, reconnect: false, timeout: 8_000 });
    await expect(stranger).rejects.toThrow('Authorization Violation');
  } finally {
    await nats.stop();
  }
});

test('--create makes it once: keys that are there stay', async () => {
  const create = ['--name=made', '--create', `--kubeconfig=${kubeconfig}`];
  expect(await keys(...create)).toBe(`made Secret ${namespace}/made\n`);
  const first = await secret('made');
  expect(await keys(...create)).toBe(`Secret ${namespace}/made is there, and stays\n`);
  expect(await secret('made')).toEqual(first);
});

test('two runs share no key', async () => {
  const seedsIn = (text: string) =>
    [...text.matchAll(/S[AUX][A-Z2-7]{50,}/g)].map(([seed]) => seed);
  const seeds = [...seedsIn(await keys()), ...seedsIn(await keys())];
  expect(seeds).toHaveLength(6);
  expect(new Set(seeds).size).toBe(6);
});

test('a cluster that cannot be reached is said in a line, and the exit code is 1', async () => {
  const failed = keys('--create', '--kubeconfig=/nowhere/kubeconfig');
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: /^nats-keys: .*nowhere.*\n$/ });
});
