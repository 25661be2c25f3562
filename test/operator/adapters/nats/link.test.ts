// What a connection's own events say of it, in whatever order they come.
import type { NatsConnection, Status } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { NatsLink } from '../../../../operator/adapters/nats/link.ts';
import { silentLogger } from '../../../../operator/runtime/index.ts';
import { settle } from '../../runtime/fake-clock.ts';

const never = new AbortController().signal;

/** A link whose connection says what the test has it say. */
function makeLink() {
  const said: Status[] = [];
  let news = Promise.withResolvers<void>();
  async function* status() {
    for (;;) {
      const next = said.shift();
      if (next === undefined) {
        await news.promise;
        news = Promise.withResolvers();
      } else if (next.type === 'close') return;
      else yield next;
    }
  }
  let closed = false;
  const link = new NatsLink(
    { status, isClosed: () => closed } as unknown as NatsConnection,
    () => Promise.reject(new Error('no further connection')),
    silentLogger,
  );
  const say = async (...types: ('disconnect' | 'reconnect' | 'close')[]) => {
    for (const type of types) said.push({ type, server: 'here' } as Status);
    closed ||= types.includes('close');
    news.resolve();
    await settle();
  };
  return { link, say };
}

/** 'up', the error's name, or 'waits'. */
async function fate(work: Promise<unknown>): Promise<string> {
  const settled = work.then(
    () => 'up',
    (error: Error) => error.name,
  );
  await settle();
  return Promise.race([settled, Promise.resolve('waits')]);
}

test.each<[Parameters<ReturnType<typeof makeLink>['say']>, string]>([
  [[], 'up'],
  [['disconnect'], 'waits'],
  [['disconnect', 'reconnect'], 'up'],
  [['disconnect', 'disconnect'], 'waits'],
  [['disconnect', 'disconnect', 'reconnect'], 'up'],
  [['disconnect', 'close'], 'NatsClosedError'],
])('after %j it is: %s', async (events, expected) => {
  const { link, say } = makeLink();
  await say(...events);
  expect(await fate(link.up(never))).toBe(expected);
});

test('who waits through several losses goes on when the connection is back', async () => {
  const { link, say } = makeLink();
  await say('disconnect');
  const waiting = link.up(never);
  await say('disconnect', 'reconnect');
  expect(await fate(waiting)).toBe('up');
});

test('who waits goes on when the signal aborts', async () => {
  const { link, say } = makeLink();
  await say('disconnect');
  const stop = new AbortController();
  const waiting = link.up(stop.signal);
  stop.abort();
  expect(await fate(waiting)).toBe('up');
});

test('work in hand is given up when the connection is lost, and its own end counts while it is not', async () => {
  const { link, say } = makeLink();
  expect(await link.whileUp(Promise.resolve(7))).toBe(7);
  await expect(link.whileUp(Promise.reject(new RangeError('own')))).rejects.toThrow('own');
  const given = expect(link.whileUp(new Promise(() => {}))).rejects.toThrow('was lost');
  await say('disconnect');
  await given;
  expect(await fate(link.whileUp(new Promise(() => {})))).toBe('NatsLostError');
});
