// A backup of a search that runs, all of it deleted, and the search restored under other UIDs: it goes on as if nothing had been,
// and what had ended is not trained again.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, withCluster } from '../../../cli/backup/cluster.ts';
import { restore } from '../../../cli/backup/restore.ts';
import { takeBackup } from '../../../cli/backup/take.ts';
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import { connectNats, makeBucket } from '../../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { getObject, putObject } from '../../../trainer/nats/index.ts';
import { bionas } from '../../builders/command-line.ts';
import { leaveRun, playedRecords, SPEC } from '../../cli/replay/played-run.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import { ledgerOf } from '../search/ledger.ts';
import { type SearchRoom, TEMPLATE } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';

const { kubeconfig, natsUrl: nats } = sharedCluster();
const place = ['--kubeconfig', kubeconfig, '--nats', nats];
let room: SearchRoom;
let staffed: StaffedRoom;
let directory = '';
/** How long a trial takes from now on: long while the backup is taken. */
let trainMs = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-backup-'));
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
});

afterAll(async () => {
  await staffed?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const onCluster = <T>(work: (there: Cluster) => Promise<T>): Promise<T> => {
  const { signal } = new AbortController();
  return withCluster({ kubeconfig, nats }, { version: 'test', signal }, work);
};

const uidOf = ({ metadata }: Pick<BioNASSearch, 'metadata'>): string => metadata.uid ?? '';

/** A checkpoint as a trainer keeps it, and what is kept at its place. */
async function files(search: string, trial: string) {
  const parts = { clock: systemClock, logger: silentLogger };
  const signal = new AbortController().signal;
  const link = await connectNats({ url: nats, name: 'test', ...parts }, signal);
  const kept = async () => ({
    bucket: await makeBucket(link, search, 1),
    trial,
    file: 'checkpoint.safetensors',
  });
  async function* bytes(text: string) {
    yield Buffer.from(text);
  }
  return {
    put: async (text: string) => putObject(link.connection, await kept(), bytes(text)),
    get: async () => Buffer.from((await getObject(link.connection, await kept())) ?? []).toString(),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

/** The search once three trials have ended or come to a rung, and one that has not ended. */
async function halfDone(name: string): Promise<[BioNASSearch, Trial]> {
  const search = await room.search(name);
  const running = (await room.trials()).find(({ status }) => status?.completionTime === undefined);
  const { trials, rungs = [] } = search.status ?? {};
  if (Math.max(trials?.succeeded ?? 0, rungs[0]?.trials ?? 0) < 3 || running === undefined)
    throw new Error('not half done');
  return [search, running];
}

test.each([
  ['one after the other', { name: 'lone', trials: 8, parallelism: 1 }, {}],
  [
    'side by side, with pauses and promotions',
    { name: 'many', trials: 9, parallelism: 3 },
    { scheduling: { name: 'asha' }, training: { epochs: 9 } },
  ],
])('a search of trials %s goes on from its backup', async (_, wish, spec) => {
  const { name } = wish;
  const root = join(directory, name);
  trainMs = 2_000;
  await room.apply({ ...wish, spec });
  const [before, running] = await eventually(() => halfDone(name), 60_000);
  trainMs = 20_000;
  await using kept = await files(uidOf(before), running.metadata.uid ?? '');
  await kept.put('as it was');

  await onCluster((there) => takeBackup({ namespace: room.namespace, name }, root, there));
  const history = (await readFile(join(root, 'ledger.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(history.length).toBeGreaterThanOrEqual(3);
  const ended = history.flatMap((line) => {
    const { record } = JSON.parse(line);
    return record.kind === undefined ? [record.name as string] : [];
  });
  expect(await bionas('replay', root)).toMatchObject({ code: 0 });

  trainMs = 100;
  await room.remove(name);
  await eventually(async () => expect(await room.pods()).toEqual([]), 60_000);
  const options = { replicas: 1, now: new Date().toISOString() };
  await onCluster((there) => restore(root, options, there));

  expect(await room.ended(name, 100_000)).toMatchObject({
    phase: 'Completed',
    trials: { proposed: wish.trials, succeeded: wish.trials, failed: 0 },
  });
  const after = await room.search(name);
  expect(uidOf(after)).not.toBe(uidOf(before));
  const trained = (await room.pods()).map(({ metadata }) => metadata.name);
  expect(trained.filter((pod) => ended.some((trial) => pod.startsWith(`${trial}-`)))).toEqual([]);
  expect(trained.length).toBeGreaterThan(0);

  const manifest = join(directory, `${name}.json`);
  const { apiVersion, kind, metadata } = after;
  const itself = { apiVersion, kind, metadata: { name: metadata.name }, spec: after.spec };
  await writeFile(manifest, JSON.stringify(itself));
  const flags = ['--manifest', manifest, '--nats', nats, '--search', uidOf(after)];
  expect(await bionas('replay', ...flags)).toMatchObject({ code: 0, stderr: '' });
  const again = (await room.trials()).find(
    (trial) => trial.metadata.name === running.metadata.name,
  );
  await using now = await files(uidOf(after), again?.metadata.uid ?? running.metadata.uid ?? '');
  expect(await now.get()).toBe('as it was');
  await room.remove(name);
});

test('a search that is there is not overwritten, and what is no backup is refused', async () => {
  trainMs = 100;
  await room.apply({ name: 'here', trials: 1 });
  await room.ended('here');
  const root = join(directory, 'here');
  expect(await bionas('backup', 'here', root, '-n', room.namespace, ...place)).toMatchObject({
    code: 0,
  });
  expect(await bionas('restore', root, ...place)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('here, found one: delete it first'),
  });
  expect(await bionas('backup', 'here', root, '-n', room.namespace, ...place)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected a directory that is empty'),
  });
});

test('a search that began on a laptop goes on in the cluster', async () => {
  trainMs = 100;
  const root = join(directory, 'laptop');
  const spec = { ...SPEC, budget: { trials: 5 }, final: { topK: 0 }, trialTemplate: TEMPLATE };
  await leaveRun(root, playedRecords(3), { spec });
  const options = { namespace: room.namespace, replicas: 1, now: new Date().toISOString() };
  const { search } = await onCluster((there) => restore(root, options, there));
  expect(await room.ended('night')).toMatchObject({
    phase: 'Completed',
    trials: { proposed: 5, succeeded: 5 },
  });
  const records = await ledgerOf(nats, uidOf(search));
  expect(records.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  expect(await room.pods('night')).toHaveLength(2);
});
