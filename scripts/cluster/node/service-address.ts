// An address of a Service on the real node: what kube-proxy would do for one port of one Service. Pods have a network of their
// own, and everything else here listens on the loopback only.
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** As networkConfiguration routes it. */
const SERVICES = '10.96.';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Takes connections at the Service's address and leads them to where it is just then; where it is nowhere, they end. */
export async function openService(
  service: Place,
  target: () => Place | undefined,
): Promise<AsyncDisposable> {
  await addAddress(service.host);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const place = target();
    if (place === undefined) {
      near.destroy();
      return;
    }
    const far = connect({ ...place });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(service.port, service.host);
  await once(server, 'listening');
  return { [Symbol.asyncDispose]: () => close(server, sockets) };
}

/** Of a node that is gone; only one at a time has any. */
export function removeServiceAddresses(): void {
  const { stdout } = spawnSync('ip', SHOW, { encoding: 'utf8' });
  for (const address of addressesIn(stdout ?? '')) {
    spawnSync('ip', ['address', 'delete', `${address}/32`, 'dev', 'lo']);
  }
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
}

/** Gives the loopback the address, too. */
export async function addAddress(address: string): Promise<void> {
  const { stdout } = await run('ip', SHOW);
  if (addressesIn(stdout).includes(address)) return;
  await run('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
}

const SHOW = ['-4', '-oneline', 'address', 'show', 'dev', 'lo'];

const addressesIn = (text: string): string[] =>
  [...text.matchAll(/inet ([\d.]+)\//g)]
    .map(([, address = '']) => address)
    .filter((address) => address.startsWith(SERVICES));
