// The images as a real kubelet runs them on containerd: operator and trainers as nobody in particular, on root file systems that
// are read-only, in namespaces that enforce Pod Security's profile `restricted`. Linux and root only.
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Trial } from '../../../crds/index.ts';
import { type Cluster, startCluster } from '../../../scripts/cluster/index.ts';
import { nodeObstacle } from '../../../scripts/cluster/node/index.ts';
import { buildImages } from '../../../scripts/images/index.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace } from '../harness/index.ts';
import { SearchRoom } from '../search/search-room.ts';
import { operatorManifests } from './operator-deployment.ts';
import { containerSecurity, podSecurity, RESTRICTED, tmp } from './restricted.ts';

const obstacle = nodeObstacle();
if (obstacle !== undefined) console.warn(`skipped: no real node here: ${obstacle}`);
const canTrain = realPictures !== undefined && tensorFlow !== undefined;

/** Addresses of Services: Kubernetes' own, which every Pod is told, and one for NATS. */
const API = { host: '10.96.0.1', port: 443 };
const NATS = { host: '10.96.0.2', port: 4222 };

describe.skipIf(obstacle !== undefined || !canTrain)('images', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bionas-images-'));
  let cluster: Cluster;
  let room: SearchRoom;
  let trainerImage = '';

  beforeAll(async () => {
    const images = await buildImages(folder);
    cluster = await startCluster({ fakeNodes: 1, realNode: true });
    const { plane, node, nats } = cluster;
    for (const { layout } of images) await node?.import(layout);
    await node?.serve(API, { host: '127.0.0.1', port: plane.port });
    await node?.serve(NATS, { host: '127.0.0.1', port: nats.port });
    const [operator, trainer] = images;
    trainerImage = trainer?.reference ?? '';
    const home = await restrictedNamespace();
    const manifests = operatorManifests({
      ...{ namespace: home, image: operator?.reference ?? '', trainerImage },
      nats: `nats://${NATS.host}:${NATS.port}`,
    });
    for (const object of manifests)
      await plane.kubectl(['create', '-f', '-'], JSON.stringify(object));
    room = new SearchRoom(plane.kubectl, await restrictedNamespace());
    await room.kubectl(['create', '-f', '-'], pictures(room.namespace));
    await plane.kubectl(['-n', home, 'rollout', 'status', 'deployment/bionas', '--timeout=60s']);
  }, 300_000);
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function restrictedNamespace(): Promise<string> {
    const { kubectl } = cluster.plane;
    const name = await makeNamespace(kubectl);
    const labels = Object.entries(RESTRICTED).map((pair) => pair.join('='));
    await kubectl(['label', 'namespace', name, ...labels]);
    return name;
  }

  const trial = async (name: string) => {
    const one = (await room.trials()).find(({ metadata }) => metadata.name === name);
    if (one === undefined) throw new Error(`there is no trial ${name} yet`);
    return one;
  };
  const why = (one: Trial, type = 'Running') =>
    one.status?.conditions.find((condition) => condition.type === type);

  /** When the trainer of a trial has said that an epoch is over. */
  async function epochReported({ metadata, spec }: Trial): Promise<void> {
    const link = await connect({ servers: cluster.nats.url });
    try {
      const subject = `bionas.${room.namespace}.${spec.search}.${metadata.uid}.epoch`;
      for await (const _ of link.subscribe(subject, { max: 1 })) return;
    } finally {
      await link.close();
    }
  }

  // Side by side: most of their time is waiting.
  test.concurrent('carry out a search', { timeout: 200_000 }, async () => {
    await room.apply(search({ name: 'real', trials: 2 }));
    const status = await room.ended('real', 190_000);
    expect(status.trials).toMatchObject({ proposed: 2, succeeded: 2, failed: 0 });
    expect(status.best).toHaveLength(2);
  });

  test.concurrent('killed for its memory, a trainer is given one more attempt', {
    timeout: 150_000,
  }, async () => {
    const container = { resources: { limits: { memory: '96Mi' } } };
    await room.apply(search({ name: 'oom', trials: 1, container }));
    await room.ended('oom', 140_000);
    const ended = await trial('oom-0000');
    expect(ended.status).toMatchObject({ attempt: 1, retries: 1 });
    expect(why(ended, 'Failed')).toMatchObject({ status: 'True', reason: 'OutOfMemory' });
    expect(why(ended, 'Failed')?.message).toContain('OOMKilled');
  });

  test.concurrent('an image that cannot be pulled is what the Trial waits for', {
    timeout: 90_000,
  }, async () => {
    // Nothing listens there.
    await room.apply(
      search({ name: 'pull', trials: 1, container: { image: '127.0.0.1:1/none:1' } }),
    );
    await eventually(async () => {
      const waiting = why(await trial('pull-0000'));
      expect(waiting).toMatchObject({ status: 'False', reason: 'ImagePullFailed' });
      expect(waiting?.message).toContain('127.0.0.1:1/none:1');
    }, 80_000);
    await room.remove('pull');
  });

  test.concurrent('a drained node costs no retry, and the next Pod goes on from the checkpoint', {
    timeout: 330_000,
  }, async () => {
    const { kubectl } = cluster.plane;
    await room.apply(search({ name: 'drain', trials: 2, epochs: 4 }));
    await epochReported(await eventually(() => trial('drain-0001'), 120_000));
    await kubectl(['cordon', 'localhost']);
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'drain-0001-0' },
    };
    const path = `/api/v1/namespaces/${room.namespace}/pods/drain-0001-0/eviction`;
    await room.kubectl(['create', '--raw', path, '-f', '-'], eviction);
    await eventually(async () => {
      const stopped = why(await trial('drain-0001'));
      expect(stopped).toMatchObject({ status: 'False', reason: 'Interrupted' });
    }, 60_000);
    await kubectl(['uncordon', 'localhost']);
    await room.ended('drain', 150_000);
    const { status } = await trial('drain-0001');
    expect(status).toMatchObject({ attempt: 1, retries: 0 });
    expect(status?.result?.epochs).toHaveLength(4);
    const log = await room.kubectl(['logs', 'drain-0001-1']);
    expect(log).toContain('checkpoint.safetensors is back');
  });
});

/** A volume of pictures that Pods of a namespace may read: restricted ones may not name a folder of the node. */
function pictures(namespace: string) {
  const own = realPictures?.['path'];
  const cached = join(homedir(), '.cache', 'bionas', 'datasets', String(realPictures?.['name']));
  const shape = {
    accessModes: ['ReadOnlyMany'],
    storageClassName: '',
  };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pictures-${namespace}` },
    spec: {
      ...shape,
      capacity: { storage: '1Gi' },
      hostPath: { path: typeof own === 'string' ? own : cached },
      claimRef: { namespace, name: 'pictures' },
    },
  };
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'pictures', namespace },
    spec: { ...shape, resources: { requests: { storage: '1Gi' } } },
  };
  return { apiVersion: 'v1', kind: 'List', items: [volume, claim] };
}

interface Wish {
  readonly name: string;
  readonly trials: number;
  readonly epochs?: number;
  /** Fields of the trainer's container. */
  readonly container?: Readonly<Record<string, unknown>>;
}

function search({ name, trials, epochs = 1, container }: Wish) {
  const data = {
    name: 'pictures',
    persistentVolumeClaim: { claimName: 'pictures', readOnly: true },
  };
  const trainer = {
    name: 'trainer',
    securityContext: containerSecurity,
    env: [{ name: 'BIONAS_THREADS', value: '1' }],
    volumeMounts: [tmp.mount, { name: 'pictures', mountPath: '/data', readOnly: true }],
    ...container,
  };
  const spec = {
    nodeSelector: { 'bionas.dev/real': 'true' },
    securityContext: podSecurity,
    containers: [trainer],
    volumes: [tmp.volume, data],
  };
  return {
    name,
    trials,
    parallelism: 1,
    spec: {
      searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'uSF'] },
      dataset: { ...realPictures, trainPictures: 1000, validationPictures: 200, path: '/data' },
      training: { epochs, optimizer: { learningRate: 0.05 } },
      algorithm: { name: 'random' },
      final: { topK: 0 },
      trialTemplate: { spec },
    },
  };
}
