// A release from its installation to what stays of it, by the real helm on a real control plane, with searches running through
// it. The operator is a process of this checkout under the release's own flags, account and rights (installed-operator.ts), and
// the rights are what it asks for: each request is in the API server's audit log.
import { connect as enter } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { OperatorProcess } from '../../../scripts/cluster/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';
import { chartPath, type GivenValues, NAMESPACE, realHelm } from '../../charts/rendered.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { connect } from '../kubernetes-adapter/gadgets.ts';
import { ledgerOf } from '../search/ledger.ts';
import { SearchRoom, type SearchWish } from '../search/search-room.ts';
import { InstalledCluster } from './installed-cluster.ts';
import { startInstalledOperator } from './installed-operator.ts';
import { grantsOf, type Rule } from './requests.ts';
import { question, type Right, rightsOf, withholdEach, without } from './withheld.ts';

const RELEASE = { name: 'bionas', namespace: NAMESPACE };
/** Watches one namespace. */
const INNER = { name: 'inner', namespace: 'inner-system' };
const accountOf = ({ name, namespace }: typeof RELEASE) =>
  `system:serviceaccount:${namespace}:${name === 'bionas' ? name : `${name}-bionas`}-operator`;

const WAIT = ['--wait', '--timeout', '90s'];
const IN = ['--namespace', NAMESPACE];
const GIVEN = [...WAIT, '--values', '-'];
const POD = { containers: [{ name: 'trainer', image: 'trainer' }] };
const ASHA = { scheduling: { name: 'asha' }, training: { epochs: 3 } };

describe.skipIf((await realHelm()) === undefined)('a release', () => {
  let cluster: InstalledCluster;
  let lab: SearchRoom;
  let archive: SearchRoom;
  let operator: OperatorProcess;
  const kubectl = (...args: string[]) => cluster.plane.kubectl(args);

  const requests = () => cluster.requestsOf(accountOf(RELEASE));
  const helm = (verb: string, { name, namespace } = RELEASE, ...more: string[]) =>
    cluster.helm([verb, name, ...more, '--namespace', namespace]);
  const apply = (room: SearchRoom, wish: SearchWish) =>
    room.apply({ ...wish, spec: { trialTemplate: undefined, ...wish.spec } });

  /** As a Deployment replaces its Pods: the new operator waits for the Lease until the old one has given it back. */
  const rollOut = async () => {
    const before = operator;
    operator = await startInstalledOperator(cluster.plane, RELEASE);
    expect(await before.terminate()).toBe(0);
    await before.stop();
  };

  const suspend = async (name: string) => {
    await eventually(async () => expect(await lab.pods()).not.toEqual([]));
    await lab.edit(name, { suspend: true });
    return eventually(async () => {
      const { status } = await lab.search(name);
      expect(status?.phase).toBe('Suspended');
      return status?.trials.proposed ?? 0;
    });
  };

  const install = (
    { name, namespace }: typeof RELEASE,
    chart: Parameters<typeof chartPath>[0],
    values?: GivenValues,
  ) => {
    const where = [name, chartPath(chart), '--namespace', namespace, '--create-namespace'];
    return cluster.helm(['install', ...where, ...GIVEN], values);
  };

  /** When so many of its trials have ended. */
  const reached = async (name: string, count: number) => {
    const { metadata } = await lab.search(name);
    await eventually(async () => {
      const ended = await ledgerOf(cluster.nats.url, metadata.uid ?? '');
      expect(ended.length).toBeGreaterThanOrEqual(count);
    }, 60_000);
  };

  /** A Trial that somebody made by hand, under the name that a search will want. */
  const takeAName = (name: string) =>
    lab.kubectl(['create', '-f', '-'], { ...makeTrialManifest(), metadata: { name } });

  const letRead = async (room: SearchRoom, reader: string) => {
    const role = ['role', 'reader', '--verb=get', '--resource=bionassearches.bionas.dev'];
    await room.kubectl(['create', ...role]);
    const group = `--group=system:serviceaccounts:${reader}`;
    await room.kubectl(['create', 'rolebinding', 'reader', '--role=reader', group]);
  };

  /** Of its operator, wherever they hold. */
  const rulesOf = async ({ name, namespace }: typeof RELEASE): Promise<Rule[]> => {
    const of = ['-l', `app.kubernetes.io/instance=${name},app.kubernetes.io/component=operator`];
    const found = await kubectl('get', 'clusterroles,roles', '-A', ...of, '-o', 'json');
    const { items } = JSON.parse(found) as { items: readonly { rules: Rule[] }[] };
    expect(items, namespace).toHaveLength(3);
    return items.flatMap(({ rules }) => rules);
  };

  beforeAll(async () => {
    cluster = await InstalledCluster.start([accountOf(RELEASE), accountOf(INNER)]);
    for (const name of ['lab', 'archive']) await kubectl('create', 'namespace', name);
    lab = new SearchRoom(cluster.plane.kubectl, 'lab');
    archive = new SearchRoom(cluster.plane.kubectl, 'archive');
  });
  afterAll(async () => {
    await operator?.stop();
    await cluster?.[Symbol.asyncDispose]();
  });

  test('is installed, its Pods become ready, and helm test passes', async () => {
    // Every control plane here begins with definitions that kubectl applied.
    const crds = ['bionas-crds', chartPath('bionas-crds'), ...IN, '--create-namespace'];
    await cluster.helm(['install', ...crds, '--take-ownership', ...WAIT]);
    const notes = await install(RELEASE, 'bionas', cluster.values());
    expect(notes).toContain('runs the searches of all namespaces');
    expect(notes).not.toContain('install the chart bionas-crds');
    expect(await helm('test')).toMatch(/Phase: +Succeeded/);
    await cluster.shareKeys(NAMESPACE);
    operator = await startInstalledOperator(cluster.plane, RELEASE);
  });

  test('is upgraded and rolled back while a search runs, which ends as if it had not been', async () => {
    // Longer than helm takes, however busy this machine is.
    await apply(lab, { name: 'night', trials: 2000, parallelism: 3, keep: 5 });
    await suspend('night');
    await lab.edit('night', { suspend: false });
    await reached('night', 5);
    const values = cluster.values({ operator: { qps: 300, podAnnotations: { upgraded: 'yes' } } });
    await cluster.helm(['upgrade', 'bionas', chartPath('bionas'), ...IN, ...GIVEN], values);
    await rollOut();
    await eventually(() => expect(operator.log).toContain('Controllers started'));
    await helm('rollback', RELEASE, '1', ...WAIT);
    await rollOut();
    const trials = (await suspend('night')) + 3;
    await lab.edit('night', { suspend: false, budget: { trials } });
    const status = await lab.ended('night', 90_000);
    expect(status.trials).toMatchObject({ proposed: trials, succeeded: trials, failed: 0 });
    for (const { status: of } of await lab.trials()) expect(of?.retries).toBe(0);
    const history = await helm('history');
    expect(history).toMatch(/superseded.*superseded.*deployed\s+\S+\s+\S+\s+Rollback to 1/s);
  });

  test('lets its operator do all that searches make it do', async () => {
    await apply(lab, { name: 'rungs', trials: 3, parallelism: 3, spec: ASHA });
    await lab.ended('rungs');
    await apply(lab, { name: 'crew', trials: 1, spec: { trialTemplate: { workers: 2 } } });
    await lab.ended('crew');
    await takeAName('taken-0000');
    await apply(lab, { name: 'taken', trials: 1 });
    await eventually(() => expect(requests().made).toContain('get trials.bionas.dev'));
    await lab.kubectl(['delete', 'trial', 'taken-0000']);
    await lab.ended('taken');
    await apply(archive, { name: 'elder', trials: 2 });
    await archive.ended('elder');
    await letRead(archive, lab.namespace);
    const warmStart = { search: { name: 'elder', namespace: archive.namespace } };
    await apply(lab, { name: 'heir', trials: 2, spec: { warmStart } });
    await lab.ended('heir');
    await lab.remove('rungs');
    const wanted = ['create', 'token', 'default', '--audience', 'bionas-nats'];
    const token = (await lab.kubectl(wanted)).trim();
    const entering = enter({ servers: cluster.nats.url, token, reconnect: false });
    await expect(entering).rejects.toThrow('Authorization Violation');
  });

  test('asks the API server for what its role says, for all of it, and for nothing else', async () => {
    const { made, refused } = requests();
    expect(refused).toEqual([]);
    const grants = grantsOf(await rulesOf(RELEASE));
    expect(grants.filter((grant) => grant.includes('*'))).toEqual([]);
    // That of finalizers is asked by the API server itself, of who sets blockOwnerDeletion.
    const asked = grants.filter((grant) => !grant.endsWith('/finalizers'));
    expect(made.filter((request) => !request.includes('/version'))).toEqual([...new Set(asked)]);
  });

  test('has no right that could be taken from its operator', async () => {
    const rights = rightsOf(await rulesOf(RELEASE));
    await withholdEach(cluster.plane.kubectl, rights);
    const { clients } = connect(cluster.plane.kubeconfig, { qps: 200, burst: 400 });
    onTestFinished(() => clients.close());
    const may = (index: number, right: Right | undefined) =>
      right && clients.mayAccess(question(without(index), right));
    for (const [index, right] of rights.entries()) {
      // Once it holds what it has, it can be asked for what it has not.
      await eventually(async () => expect(await may(index, rights.at(index - 1))).toBe(true));
      expect(await may(index, right), JSON.stringify(right)).toBe(false);
    }
  });

  test.each([
    ['trials/finalizers', { apiVersion: 'v1', kind: 'Pod', spec: POD }, 'Trial'],
    ['bionassearches/finalizers', makeTrialManifest(), 'BioNASSearch'],
  ])('needs %s to own what it makes', async (resource, manifest, kind) => {
    const owner = { apiVersion: 'bionas.dev/v1alpha1', kind, name: 'a', uid: 'b' };
    const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
    const object = { ...manifest, metadata: { name: 'owned', ownerReferences } };
    const rights = rightsOf(await rulesOf(RELEASE));
    const create = (missing: (right: Right) => boolean) => {
      const user = without(rights.findIndex(missing));
      return lab.kubectl(['create', '--dry-run=server', '--as', user, '-f', '-'], object);
    };
    await create(({ verb }) => verb === 'delete');
    await expect(create((right) => right.resource === resource)).rejects.toThrow(
      'cannot set blockOwnerDeletion',
    );
  });

  test('leaves searches and their definitions when it is uninstalled', async () => {
    await operator.stop();
    await apply(lab, { name: 'later', trials: 2 });
    await helm('uninstall', RELEASE, '--wait');
    await helm('uninstall', { ...RELEASE, name: 'bionas-crds' }, '--wait');
    expect(await kubectl('-n', NAMESPACE, 'get', 'deployments,pods,roles', '-o', 'name')).toBe('');
    const kept = await kubectl('get', 'crd', '-o', 'name');
    expect(kept).toContain('bionassearches.bionas.dev');
    expect((await lab.search('night')).status?.phase).toBe('Completed');
  });

  test('of one namespace takes up what was left there, with no rights elsewhere', async () => {
    await install({ ...RELEASE, name: 'bionas-crds' }, 'bionas-crds');
    const values = cluster.values({ watchNamespace: 'lab' });
    await install(INNER, 'bionas', values);
    await cluster.shareKeys(INNER.namespace);
    operator = await startInstalledOperator(cluster.plane, INNER);
    await lab.ended('later');
    await lab.remove('later');
    await lab.remove('night');
    const { made, refused } = cluster.requestsOf(accountOf(INNER));
    expect(refused).toEqual([]);
    const grants = grantsOf(await rulesOf(INNER));
    expect(made.filter((request) => !grants.includes(request))).toEqual([]);
    const may = (verb: string, namespace: string) =>
      kubectl('auth', 'can-i', verb, 'pods', '-n', namespace, '--as', accountOf(INNER));
    expect(await may('create', 'lab')).toBe('yes\n');
    await expect(may('create', 'archive')).rejects.toThrow();
  });
});
