// A search of twelve trials with nothing simulated: the operator makes Pods, a real kubelet and containerd run the trainer in
// them and give it its token, it learns from real pictures and reports over a NATS that lets it in by that token. Linux and root
// only.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import {
  type Cluster,
  type OperatorProcess,
  startCluster,
  startOperator,
} from '../../../scripts/cluster/index.ts';
import { hostPodTemplate, nodeObstacle } from '../../../scripts/cluster/node/index.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeNamespace } from '../harness/index.ts';
import { type CalloutServer, startCalloutServer } from '../nats/callout-server.ts';
import { ledgerOf } from './ledger.ts';
import { SearchRoom } from './search-room.ts';

const obstacle = nodeObstacle();
if (obstacle !== undefined) console.warn(`skipped: no real node here: ${obstacle}`);
const canTrain = realPictures !== undefined && tensorFlow !== undefined;

describe.skipIf(obstacle !== undefined || !canTrain)('real trainers', () => {
  let cluster: Cluster;
  let server: CalloutServer;
  let operator: OperatorProcess;
  let room: SearchRoom;
  const folder = mkdtempSync(join(tmpdir(), 'bionas-template-'));

  beforeAll(async () => {
    cluster = await startCluster({ fakeNodes: 1, realNode: true });
    const { plane } = cluster;
    server = await startCalloutServer();
    room = new SearchRoom(plane.kubectl, await makeNamespace(plane.kubectl));
    const path = realPictures?.['path'];
    const template = hostPodTemplate({
      env: { BIONAS_THREADS: '1' },
      reads: typeof path === 'string' ? [path] : [],
    });
    const file = join(folder, 'template.yaml');
    writeFileSync(file, stringify(template));
    const flags = [`--trainer-template=${file}`, '--no-leader-elect', ...server.flags];
    operator = await startOperator({ kubeconfig: plane.kubeconfig, nats: server.url, flags });
  });
  afterAll(async () => {
    await operator?.stop();
    await server?.stop();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('carry out a search, and its best network learned something', {
    timeout: 400_000,
  }, async () => {
    await room.apply({
      name: 'real',
      trials: 12,
      parallelism: 2,
      spec: {
        searchSpace: { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'uSF'] },
        dataset: realPictures,
        training: { epochs: 2, optimizer: { learningRate: 0.05 } },
        algorithm: { name: 'random' },
        final: { topK: 1 },
        trialTemplate: undefined,
      },
    });
    const status = await room.ended('real', 380_000);
    expect(status.trials).toMatchObject({ proposed: 12, succeeded: 12, failed: 0 });
    // Of ten classes, one in ten is chance.
    expect(status.best[0]?.objectives[0]).toBeGreaterThan(0.2);
    expect(status.final[0]?.testAccuracy).toBeGreaterThan(0.2);
    const { metadata } = await room.search('real');
    const records = await ledgerOf(server.url, metadata.uid ?? '', server);
    expect(records).toHaveLength(13);
    for (const { result, attempts } of records) {
      expect(attempts).toBe(1);
      expect(result?.executor.library).toContain('TensorFlow');
    }
  });
});
