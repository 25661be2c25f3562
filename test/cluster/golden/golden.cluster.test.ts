// Objects of an earlier release on today's CRDs: the API server stores and serves them as they were, and the operator goes on with
// a search that the earlier one had begun.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { withCluster } from '../../../cli/backup/cluster.ts';
import { restore } from '../../../cli/backup/restore.ts';
import { startOperator } from '../../../scripts/cluster/index.ts';
import {
  type Golden,
  goldenFiles,
  goldenLedger,
  goldenObjects,
} from '../../golden/golden-objects.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { Room } from '../room.ts';
import { ledgerOf } from '../search/ledger.ts';
import { SearchRoom } from '../search/search-room.ts';
import { SimulatedTrainers } from '../simulation/trainers.ts';

const { kubeconfig, natsUrl: nats, kubectl } = sharedCluster();
let room: Room;
beforeAll(async () => {
  room = await Room.make(kubectl);
});

const PLURALS = { BioNASSearch: 'bionassearches', Trial: 'trials' } as const;

test.each(goldenFiles())('%s is stored and served as it was', async (file) => {
  for (const { apiVersion, kind, metadata, spec, status } of goldenObjects(file)) {
    const name = `${file}-${metadata.name}`;
    await room.create({ apiVersion, kind, metadata: { name }, spec });
    await room.setStatus(`${PLURALS[kind]}/${name}`, { ...status });
    const served = await room.read(`${PLURALS[kind]}/${name}`);
    expect(served.spec).toMatchObject(spec);
    expect(served.status).toEqual(status);
  }
});

/** As a backup holds them. */
async function leave(root: string, objects: readonly Golden[]): Promise<void> {
  for (const object of objects) {
    const folder = join(root, 'objects', `${PLURALS[object.kind]}.bionas.dev`, 'golden');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${object.metadata.name}.json`), JSON.stringify(object));
  }
}

test('a search that the earlier operator had begun goes on to its end, and trains nothing again', async () => {
  const root = await mkdtemp(join(tmpdir(), 'bionas-golden-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await leave(root, goldenObjects('going'));
  await writeFile(join(root, 'ledger.jsonl'), goldenLedger('going'));
  const before = goldenLedger('going').trimEnd().split('\n').length;
  const going = new SearchRoom(kubectl, await makeNamespace(kubectl));
  const { namespace } = going;
  const behaviour = { trainMs: () => 100 };
  await using _ = await SimulatedTrainers.start({
    kubeconfig,
    nats,
    seed: 1,
    namespace,
    behaviour,
  });
  const flags = [`--namespace=${namespace}`, `--lease-namespace=${namespace}`];
  const operator = await startOperator({ kubeconfig, nats, flags });
  onTestFinished(() => operator.stop());
  const options = { namespace, replicas: 1, now: new Date().toISOString() };
  const { signal } = new AbortController();
  const { search } = await withCluster(
    { kubeconfig, nats },
    { version: 'test', signal },
    (cluster) => restore(root, options, cluster),
  );
  expect(await going.ended('going')).toMatchObject({
    phase: 'Completed',
    trials: { proposed: 6, succeeded: 6, failed: 0 },
  });
  expect(await ledgerOf(nats, search.metadata.uid)).toHaveLength(6);
  expect(await going.pods()).toHaveLength(6 - before);
});
