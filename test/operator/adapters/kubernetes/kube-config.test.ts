// Which kubeconfig is taken, and what is said when there is none.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KubeConfigError, loadKubeConfig } from '../../../../operator/adapters/kubernetes/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kube-config-'));
  vi.stubEnv('HOME', directory);
  vi.stubEnv('KUBECONFIG', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

async function write(path: string, name: string, text?: string): Promise<string> {
  const file = join(directory, path);
  await mkdir(join(file, '..'), { recursive: true });
  const config = {
    clusters: [{ name, cluster: { server: `https://${name}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: ['here', 'there'].map((context) => ({
      name: context,
      context: { cluster: context === 'here' ? name : 'lost', user: 'u' },
    })),
    'current-context': 'here',
  };
  await writeFile(file, text ?? JSON.stringify(config));
  return file;
}

const serverOf = (...[source]: Parameters<typeof loadKubeConfig>) =>
  loadKubeConfig(source).getCurrentCluster()?.server;

test('a file that is given comes before $KUBECONFIG, and that before the home directory', async () => {
  await write('.kube/config', 'home');
  expect(serverOf()).toBe('https://home');
  vi.stubEnv('KUBECONFIG', await write('variable', 'variable'));
  expect(serverOf()).toBe('https://variable');
  expect(serverOf({ file: await write('file', 'file') })).toBe('https://file');
});

test.each([
  ['nothing anywhere', undefined, undefined, /found no kubeconfig: none in \$KUBECONFIG/],
  ['a file that is not there', 'none', undefined, /none: cannot be read/],
  ['a file of another kind', '', undefined, /file: cannot be read/],
  ['a context that is not there', 'file', 'where', /context where leads to no.*: here, there/],
  ['a context of a lost cluster', 'file', 'there', /context there leads to no cluster/],
])('with %s it says so', async (_, path, context, words) => {
  const file = path === '' ? await write('file', 'x', '[') : path && join(directory, path);
  if (path === 'file') await write('file', 'x');
  expect(() => loadKubeConfig({ file, context })).toThrow(KubeConfigError);
  expect(() => loadKubeConfig({ file, context })).toThrow(words);
});
