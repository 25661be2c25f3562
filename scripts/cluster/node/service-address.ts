// An address of a Service on the real node: what kube-proxy would do for one port of one Service. Pods have a network of their
// own, and everything else here listens on the loopback only.
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Takes connections at the Service's address, which is this machine's by addAddress, and leads them to where it is just then;
 * where it is nowhere, they end.
 */
export async function openService(
  service: Place,
  target: () => Place | undefined,
): Promise<AsyncDisposable> {
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

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
}

/** Gives the loopback the address, too, and notes it in the node's folder. One that is there already is somebody else's. */
export async function addAddress(address: string, directory: string): Promise<void> {
  const { stdout } = await run('ip', ['-4', '-oneline', 'address', 'show', 'dev', 'lo']);
  if (stdout.includes(` ${address}/`)) return;
  appendFileSync(fileOf(directory), `${address}\n`);
  await run('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
}

/** Those that the node of this folder added. May be called again. */
export function removeAddresses(directory: string): void {
  if (!existsSync(fileOf(directory))) return;
  for (const address of readFileSync(fileOf(directory), 'utf8').split('\n').filter(Boolean))
    spawnSync('ip', ['address', 'delete', `${address}/32`, 'dev', 'lo']);
  rmSync(fileOf(directory));
}

const fileOf = (directory: string): string => join(directory, 'service-addresses');
