// The way of a release in real containers, as `make e2e` shows it: installed by helm, searching, disturbed, upgraded, uninstalled.
// Operator, NATS and trainers run as nobody in particular, on root file systems that are read-only. Linux and root only.
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Trial } from '../../../crds/index.ts';
import { nodeObstacle } from '../../../scripts/cluster/node/index.ts';
import { imagesObstacle } from '../../../scripts/images/index.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { NAMESPACE, realHelm } from '../../charts/rendered.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { Release } from './release.ts';

const obstacle = nodeObstacle() ?? imagesObstacle();
if (obstacle !== undefined) console.warn(`skipped: no release in containers here: ${obstacle}`);
const canTrain = realPictures !== undefined && tensorFlow !== undefined;
const canRun = obstacle === undefined && canTrain && (await realHelm()) !== undefined;

const say = (step: string) => console.log(`e2e: ${step}`);

const STANDS_IN = `What stands in here for what a cluster has:
  a registry of images: ctr images import. The images are those of make images; signatures are not checked
  NATS' own image: the same server, out of PyPI
  kube-proxy and CoreDNS: a proxy and a name server of scripts/cluster/node, for TCP and for names of Services
  a storage class: two volumes that are folders of this machine
  a network that enforces NetworkPolicy: none; the policies are installed and hold nobody back
  GPUs: one that the node claims to have and has not`;

describe.skipIf(!canRun)('a release in containers', () => {
  let release: Release;
  beforeAll(async () => {
    say(STANDS_IN);
    release = await Release.prepare(say);
  }, 400_000);
  afterAll(() => release?.[Symbol.asyncDispose]());

  const kubectl = (...args: string[]) => release.cluster.plane.kubectl(args);
  const podsOf = async (component: string) => {
    const of = `app.kubernetes.io/component=${component}`;
    return JSON.parse(await kubectl('-n', NAMESPACE, 'get', 'pods', '-l', of, '-o', 'json')).items;
  };
  const trial = async (name: string) => {
    const one = (await release.room.trials()).find(({ metadata }) => metadata.name === name);
    if (one === undefined) throw new Error(`there is no trial ${name} yet`);
    return one;
  };
  const imageOf = (pod: string) =>
    release.room.kubectl(['get', 'pod', pod, '-o', 'jsonpath={.spec.containers[0].image}']);
  const why = (one: Trial, type = 'Running') =>
    one.status?.conditions.find((condition) => condition.type === type);

  /** Applies a search; resolves when a trainer of it has said that an epoch is over. */
  async function untilEpoch(wish: Wish): Promise<void> {
    const [pod] = await podsOf('nats');
    const keys = ['-n', NAMESPACE, 'get', 'secret', 'bionas-nats-keys', '-o', 'json'];
    const { data } = JSON.parse(await kubectl(...keys));
    const link = await connect({
      servers: `tls://${pod.status.podIP}:4222`,
      authenticator: nkeyAuthenticator(Buffer.from(data['operator.seed'], 'base64')),
      // It is for the names of Services, which this machine does not resolve.
      tls: { rejectUnauthorized: false },
    });
    try {
      const subject = `bionas.${release.room.namespace}.${wish.name}.*.epoch`;
      // Heard before the first can be said.
      const epochs = link.subscribe(subject, { max: 1, timeout: 120_000 });
      await link.flush();
      await release.room.apply(search(wish));
      for await (const _ of epochs) return;
    } finally {
      await link.close();
    }
  }

  async function evict(pod: string): Promise<void> {
    const { namespace } = release.room;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } };
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
    await release.room.kubectl(['create', '--raw', path, '-f', '-'], eviction);
  }

  test('is installed, and helm test finds it well', { timeout: 300_000 }, async () => {
    await release.put('install', 'bionas-crds');
    await release.put('install', 'bionas');
    for (const component of ['operator', 'nats'])
      expect(await podsOf(component)).toMatchObject([{ status: { phase: 'Running' } }]);
    expect(await release.helm('test', 'bionas')).toMatch(/Phase: +Succeeded/);
  });

  test('carries out a search', { timeout: 200_000 }, async () => {
    await release.room.apply(search({ name: 'real', trials: 2 }));
    const status = await release.room.ended('real', 190_000);
    expect(status.trials).toMatchObject({ proposed: 2, succeeded: 2, failed: 0 });
    expect(status.best).toHaveLength(2);
  });

  // Side by side: most of their time is waiting.
  test.concurrent('gives a trainer that was killed for its memory one more attempt', {
    timeout: 150_000,
  }, async () => {
    const container = { resources: { limits: { memory: '96Mi' } } };
    await release.room.apply(search({ name: 'oom', trials: 1, container }));
    await release.room.ended('oom', 140_000);
    const ended = await trial('oom-0000');
    expect(ended.status).toMatchObject({ attempt: 1, retries: 1 });
    expect(why(ended, 'Failed')).toMatchObject({ status: 'True', reason: 'OutOfMemory' });
    expect(why(ended, 'Failed')?.message).toContain('OOMKilled');
  });

  test.concurrent('says that an image cannot be pulled', { timeout: 90_000 }, async () => {
    // Nothing listens there.
    const container = { image: '127.0.0.1:1/none:1' };
    await release.room.apply(search({ name: 'pull', trials: 1, container }));
    await eventually(async () => {
      const waiting = why(await trial('pull-0000'));
      expect(waiting).toMatchObject({ status: 'False', reason: 'ImagePullFailed' });
      expect(waiting?.message).toContain(container.image);
    }, 80_000);
    await release.room.remove('pull');
  });

  test.concurrent('fails a trial that has a GPU and computes on the CPU', {
    timeout: 150_000,
  }, async () => {
    const gpu = { capacity: { 'nvidia.com/gpu': '1' }, allocatable: { 'nvidia.com/gpu': '1' } };
    const status = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status: gpu })];
    await kubectl('patch', 'node', 'localhost', ...status);
    const container = { resources: { limits: { 'nvidia.com/gpu': '1' } } };
    await release.room.apply(search({ name: 'gpu', trials: 1, container }));
    await release.room.ended('gpu', 140_000);
    const failed = why(await trial('gpu-0000'), 'Failed');
    expect(failed).toMatchObject({ status: 'True', reason: 'DeviceUnavailable' });
    expect(failed?.message).toContain('this node has no NVIDIA driver');
  });

  test('goes on from the checkpoint after a node was drained, at no expense of a retry', {
    timeout: 330_000,
  }, async () => {
    await untilEpoch({ name: 'drain', trials: 1, epochs: 6 });
    await kubectl('cordon', 'localhost');
    await evict('drain-0000-0');
    await eventually(async () => {
      const stopped = why(await trial('drain-0000'));
      expect(stopped).toMatchObject({ status: 'False', reason: 'Interrupted' });
    }, 60_000);
    await kubectl('uncordon', 'localhost');
    await release.room.ended('drain', 150_000);
    const { status } = await trial('drain-0000');
    expect(status).toMatchObject({ attempt: 1, retries: 0 });
    expect(status?.result?.epochs).toHaveLength(6);
    const log = await release.room.kubectl(['logs', 'drain-0000-1']);
    expect(log).toContain('checkpoint.safetensors is back');
  });

  test('is upgraded, with another trainer, while a search runs', { timeout: 330_000 }, async () => {
    const [before] = await podsOf('operator');
    await release.room.apply(search({ name: 'night', trials: 2, epochs: 3 }));
    await eventually(() => trial('night-0000'), 60_000);
    const operator = { replicas: 1, nodeSelector: { 'bionas.dev/real': 'true' }, qps: 100 };
    const trainer = await release.nextTrainer('next');
    await release.put('upgrade', 'bionas', { operator, trainer });
    await eventually(async () => {
      const [after, ...others] = await podsOf('operator');
      expect(others).toEqual([]);
      expect(after.metadata.uid).not.toBe(before.metadata.uid);
    }, 90_000);
    const status = await release.room.ended('night', 200_000);
    expect(status.trials).toMatchObject({ proposed: 2, succeeded: 2, failed: 0 });
    expect((await trial('night-0000')).status).toMatchObject({ attempt: 0, retries: 0 });
    await release.room.apply(search({ name: 'morning', trials: 1 }));
    expect((await release.room.ended('morning', 60_000)).trials).toMatchObject({ succeeded: 1 });
    expect(await imageOf('night-0000-0')).not.toMatch(/:next$/);
    expect(await imageOf('morning-0000-0')).toMatch(/:next$/);
  });

  test('is uninstalled, and leaves searches and their histories', {
    timeout: 150_000,
  }, async () => {
    await release.helm('uninstall', 'bionas', '--wait', '--timeout=120s');
    await eventually(async () => {
      for (const component of ['operator', 'nats']) expect(await podsOf(component)).toEqual([]);
    }, 60_000);
    await release.helm('uninstall', 'bionas-crds', '--wait');
    expect((await release.room.search('night')).status?.phase).toBe('Completed');
    expect(await kubectl('-n', NAMESPACE, 'get', 'pvc', '-o', 'name')).toContain('bionas-nats-0');
  });
});

interface Wish {
  readonly name: string;
  readonly trials: number;
  readonly epochs?: number;
  /** Fields of the trainer's container. */
  readonly container?: Readonly<Record<string, unknown>>;
}

const search = ({ name, trials, epochs = 1, container = {} }: Wish) => ({
  name,
  trials,
  parallelism: 1,
  spec: {
    searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'uSF'] },
    dataset: { ...realPictures, trainPictures: 500, validationPictures: 100, path: '/data' },
    training: { epochs, optimizer: { learningRate: 0.05 } },
    algorithm: { name: 'random' },
    final: { topK: 0 },
    trialTemplate: { spec: { containers: [{ name: 'trainer', ...container }] } },
  },
});
