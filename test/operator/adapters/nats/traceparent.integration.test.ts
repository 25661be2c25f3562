// Where in a trace a report was sent, from the trainer's bus to the operator's, over a real nats-server; and senders who write
// headers that are none.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Nats } from '../../../../scripts/cluster/index.ts';
import { openNats } from '../../../../trainer/nats/index.ts';
import { resultReport } from '../../../builders/objects.ts';
import { eventually } from '../../runtime/eventually.ts';
import { Listener, linkTo, startServer } from './nats-world.ts';

const SUBJECT = 'bionas.default.night.night-0-uid';
const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

async function listening(server: Nats): Promise<Listener> {
  const listener = new Listener(await linkTo(server));
  await eventually(() => expect(listener.bus.hearingSince()).toBeDefined());
  return listener;
}

const trainerOf = ({ url }: Nats, traceparent?: () => string | undefined) =>
  openNats({
    url,
    subject: SUBJECT,
    attempt: 0,
    log: () => {},
    signal: new AbortController().signal,
    traceparent,
  }).bus;

test.each([
  ['is told with it', () => TRACEPARENT, TRACEPARENT],
  ['is not told where nobody traces', undefined, undefined],
  ['is left out where it would be a line of its own', () => `${TRACEPARENT}\r\nx: y`, undefined],
])('the place of a result %s', async (_story, traceparent, expected) => {
  const server = await startServer();
  const listener = await listening(server);
  await trainerOf(server, traceparent).send(resultReport());
  await eventually(() => expect(listener.heard).toHaveLength(1));
  expect(listener.heard[0]?.traceparent).toBe(expected);
});

test('headers that are none cost the place, and nothing else', async () => {
  const server = await startServer();
  const listener = await listening(server);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'data');
  socket.write('CONNECT {"headers":true,"verbose":false,"no_responders":false}\r\n');
  const bad = ['a: b\nc', 'traceparent: x\ny', ': ', 'traceparent', '\u0000: \u0000', 'a b: c'];
  for (const line of bad) {
    const head = `NATS/1.0\r\n${line}\r\n\r\n`;
    const size = Buffer.byteLength(head);
    socket.write(`HPUB ${SUBJECT}.result ${size} ${size + 2}\r\n${head}{}\r\n`);
  }
  await eventually(() => expect(listener.heard).toHaveLength(bad.length));
  expect(listener.heard.map(({ traceparent, data }) => [traceparent, data])).toEqual(
    bad.map(() => [undefined, {}]),
  );
  socket.destroy();
  await trainerOf(server, () => TRACEPARENT).send(resultReport());
  await eventually(() => expect(listener.heard.at(-1)?.traceparent).toBe(TRACEPARENT));
});
