// @nats-io/transport-node 3.4.0 takes all listeners off a socket that it gives up. The error of a write that was under way
// then reaches nobody but the process, which it ends. There is no public way to the socket, so it is reached for, by name.
// Operator and trainer never meet (ARCHITECTURE.md), so each has this file.
import type { Socket } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';

interface Inside {
  readonly protocol?: { readonly transport?: { readonly socket?: Socket } };
}

/** Of the connection that is up; undefined where the library keeps it elsewhere. */
export const socketOf = (connection: NatsConnection): Socket | undefined =>
  (connection as Inside).protocol?.transport?.socket;

/** To be called whenever the connection is up anew: each has a socket of its own. */
export function keepErrorsOfSocket(connection: NatsConnection): void {
  const socket = socketOf(connection);
  if (socket === undefined) return;
  const removeAll = socket.removeAllListeners.bind(socket);
  // Without an event it takes off all of them, and an event that is undefined is an event.
  socket.removeAllListeners = (...event) => {
    removeAll(...event);
    return socket.on('error', () => {});
  };
}
