// Keeps a cluster until it is told to end it: by its socket (`make cluster-down`) or by a signal. Started by main.ts.
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startCluster } from './cluster.ts';
import { removeDirectory } from './directories.ts';
import { type KeptCluster, socketIn } from './keeper-socket.ts';

const [home = '', ...flags] = process.argv.slice(2);
const directory = join(home, 'data');
await removeDirectory(directory);
await mkdir(directory, { recursive: true, mode: 0o700 });
const cluster = await startCluster({ directory, realNode: flags.includes('--with-node') });
const kept: KeptCluster = { kubeconfig: cluster.plane.kubeconfig, natsUrl: cluster.nats.url };

let ending: Promise<void> | undefined;
/** Data and logs stay until the next start. */
function end(): Promise<void> {
  ending ??= cluster.stop().finally(() => server.close());
  return ending;
}

await rm(socketIn(home), { force: true });
const server = createServer({ allowHalfOpen: true }, async (socket) => {
  socket.on('error', () => {});
  if ((await text(socket)) === 'stop') await end();
  socket.end(JSON.stringify(kept));
});
server.listen(socketIn(home));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
process.send?.(kept);
