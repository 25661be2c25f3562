// What a connection to NATS must never do: end the process with an error of a socket that the library has given up.
import { expect, test } from 'vitest';
import { connectNats } from '../../../../operator/adapters/nats/index.ts';
import { socketOf } from '../../../../operator/adapters/nats/socket-errors.ts';
import { silentLogger, systemClock } from '../../../../operator/runtime/index.ts';
import { type Nats, startNats } from '../../../../scripts/cluster/index.ts';
import { connectInBackground } from '../../../../trainer/nats/connection.ts';
import { eventually } from '../../runtime/eventually.ts';

const sides = {
  operator: async ({ url }: Nats) => {
    const options = { url, name: 'test', clock: systemClock, logger: silentLogger };
    return (await connectNats(options, new AbortController().signal)).connection;
  },
  trainer: ({ url }: Nats) =>
    connectInBackground({ url, name: 'test', inboxPrefix: '_INBOX', log: () => {} }),
};

test.each(Object.entries(sides))(
  '%s: a late error of a socket that was given up',
  async (_side, open) => {
    const nats = await startNats({});
    const connection = await open(nats);
    try {
      const first = socketOf(connection);
      await eventually(() => expect(fails(first)).toBe(false));
      await nats.restart();
      await eventually(() => expect(socketOf(connection)).not.toBe(first));
      await eventually(() => expect(fails(socketOf(connection))).toBe(false));
    } finally {
      await connection.close();
      await nats.stop();
    }
  },
);

/** Does with a socket's listeners what the library does, and then has it fail; as if nothing had happened afterwards. */
function fails(socket: ReturnType<typeof socketOf>): boolean {
  if (socket === undefined) throw new Error('the library keeps its socket elsewhere now');
  const events = socket.eventNames().map((name) => [name, socket.rawListeners(name)] as const);
  try {
    socket.removeAllListeners();
    socket.emit('error', new Error('write after end'));
    return false;
  } catch {
    return true;
  } finally {
    for (const [name, listeners] of events)
      for (const listener of listeners) socket.on(String(name), listener as () => void);
  }
}
