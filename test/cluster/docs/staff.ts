// An operator and simulated trainers for all namespaces of the shared cluster, and a node whose logs can be read.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startOperator } from '../../../scripts/cluster/index.ts';
import { LogServer } from '../cli/log-server.ts';
import { sharedCluster } from '../harness/index.ts';
import { TEMPLATE } from '../search/search-room.ts';
import { SimulatedTrainers } from '../simulation/trainers.ts';

export type Staff = AsyncDisposable;

/** In a folder of the caller's. */
export async function staffAll(folder: string): Promise<Staff> {
  const { kubeconfig, kubectl, natsUrl: nats } = sharedCluster();
  // What other files have left would go on under this operator.
  await kubectl(['delete', 'bns', '--all', '--all-namespaces', '--wait=false']);
  const behaviour = { trainMs: () => 200 };
  const nodes = await LogServer.start(kubectl, 'docs-node');
  const trainers = await SimulatedTrainers.start({ kubeconfig, nats, seed: 1, behaviour });
  const file = join(folder, 'template.yaml');
  const nodeSelector = { 'kubernetes.io/hostname': nodes.node };
  await writeFile(file, stringify({ ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector } }));
  const flags = [`--trainer-template=${file}`, '--no-leader-elect'];
  const operator = await startOperator({ kubeconfig, nats, flags });
  return {
    [Symbol.asyncDispose]: async () => {
      await operator.stop();
      await trainers[Symbol.asyncDispose]();
      await nodes[Symbol.asyncDispose]();
    },
  };
}
