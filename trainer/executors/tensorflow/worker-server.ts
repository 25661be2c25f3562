// TensorFlow's server of one worker: it waits for the others, and its sessions are those that can sum up with them.
// It is there until the process ends: TensorFlow cannot take one down.
import type { Peers } from '../executor.ts';
import type { CApi } from './c-api.ts';
import { encodeConfig, type SessionConfig } from './config-proto.ts';
import { encodeServer, workerConfig } from './server-def.ts';
import { checked, checkedHandle } from './status.ts';

/** What a session is opened with to be a worker's. */
export interface WorkerServer {
  readonly peers: Peers;
  /** grpc://host:port */
  readonly target: string;
}

/** @throws ExecutorError where the port is taken */
export function startServer(api: CApi, peers: Peers, config: SessionConfig): WorkerServer {
  const definition = encodeServer(peers, workerConfig(encodeConfig(config), peers));
  const here = `worker ${peers.rank} of ${peers.addresses.length} (${peers.addresses[peers.rank]})`;
  const server = checkedHandle(api, `TensorFlow cannot serve ${here}`, (status) =>
    api.newServer(definition, definition.length, status),
  );
  checked(api, `TensorFlow cannot start to serve ${here}`, (status) =>
    api.startServer(server, status),
  );
  return { peers, target: api.serverTarget(server) };
}
