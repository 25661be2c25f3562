// Whether somebody may do something, as a real API server's RBAC says.
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { connect } from './gadgets.ts';

const cluster = sharedCluster();
const { kubectl } = cluster;
let namespace: string;
beforeAll(async () => {
  namespace = await makeNamespace(kubectl);
});

test('a namespace may read what a Role of another lets its service accounts get', async () => {
  const { clients } = connect(cluster.kubeconfig);
  onTestFinished(() => clients.close());
  const reads = (reader: string) =>
    clients.mayAccess({
      user: `system:serviceaccount:${reader}:default`,
      groups: [`system:serviceaccounts:${reader}`],
      verb: 'get',
      group: 'bionas.dev',
      resource: 'bionassearches',
      namespace,
      name: 'night',
    });
  expect(await reads('lab')).toBe(false);
  const inNamespace = (...words: string[]) => kubectl(['-n', namespace, 'create', ...words]);
  await inNamespace('role', 'reader', '--verb=get', '--resource=bionassearches.bionas.dev');
  await inNamespace('rolebinding', 'lab', '--role=reader', '--group=system:serviceaccounts:lab');
  await eventually(async () => expect(await reads('lab')).toBe(true));
  expect(await reads('attic')).toBe(false);
});
