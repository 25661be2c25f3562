// Keeps a cluster until it is told to end it: by its socket (`make cluster-down`) or by a signal. Started by main.ts.
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Cluster, startCluster } from './cluster.ts';
import { removeDirectory } from './directories.ts';
import { type KeptCluster, socketIn } from './keeper-socket.ts';
import { hostPodTemplate } from './node/index.ts';

const [home = '', ...flags] = process.argv.slice(2);
const directory = join(home, 'data');
let ending: Promise<void> | undefined;

try {
  await removeDirectory(directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await keep(await startCluster({ directory, realNode: flags.includes('--with-node') }));
} catch (error) {
  // main.ts shows what this process says when it fails.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function keep(cluster: Cluster): Promise<void> {
  const template = join(home, 'trial-template.yaml');
  await rm(template, { force: true });
  if (cluster.node) await writeFile(template, stringify(hostPodTemplate()));
  const kept: KeptCluster = {
    kubeconfig: cluster.plane.kubeconfig,
    natsUrl: cluster.nats.url,
    ...(cluster.node && { template }),
  };
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    socket.on('error', () => {});
    const [question] = await once(socket, 'data');
    if (String(question) === 'stop') await end();
    socket.end(JSON.stringify(kept));
  });
  /** Data and logs stay until the next start. */
  const end = () => {
    ending ??= cluster.stop().finally(() => server.close());
    return ending;
  };
  await rm(socketIn(home), { force: true });
  server.listen(socketIn(home));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void end());
  }
  process.send?.(kept);
}
