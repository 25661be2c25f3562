// The bus in one process: patterns, order, acknowledgement and redelivery.
import { afterEach, describe, expect, test } from 'vitest';
import {
  BusFullError,
  LocalBus,
  type LocalBusOptions,
} from '../../../../operator/adapters/local/index.ts';
import { FakeClock, settle } from '../../runtime/fake-clock.ts';

let stop = new AbortController();
afterEach(() => stop.abort());

function makeBus(options: Partial<LocalBusOptions> = {}) {
  stop = new AbortController();
  const clock = new FakeClock();
  return { clock, bus: new LocalBus({ clock, ackWaitMs: 1000, ...options }) };
}

/** What a subscriber gets, as `subject:data`; acknowledged where `acks` says so. */
function collect(bus: LocalBus, subject: string, acks: (data: unknown) => boolean = () => true) {
  const seen: string[] = [];
  const leave = new AbortController();
  stop.signal.addEventListener('abort', () => leave.abort());
  const done = (async () => {
    for await (const delivery of bus.subscribe(subject, leave.signal)) {
      seen.push(`${delivery.subject}:${delivery.data}`);
      if (acks(delivery.data)) delivery.ack();
    }
  })();
  return { seen, done, leave };
}

test.each([
  { pattern: 'a.b', gets: ['a.b'] },
  { pattern: 'a.*', gets: ['a.b', 'a.c'] },
  { pattern: '*.b', gets: ['a.b', 'x.b'] },
  { pattern: 'a.>', gets: ['a.b', 'a.c', 'a.b.c'] },
  { pattern: '>', gets: ['a', 'a.b', 'a.c', 'x.b', 'a.b.c'] },
  { pattern: '>.b', gets: [] },
])('a subscriber of $pattern gets $gets', async ({ pattern, gets }) => {
  const { bus } = makeBus();
  for (const subject of ['a', 'a.b', 'a.c', 'x.b', 'a.b.c']) bus.publish(subject, 1);
  const { seen } = collect(bus, pattern);
  await settle();
  expect(seen).toEqual(gets.map((subject) => `${subject}:1`));
});

test('messages come in the order of publishing, those from before the subscription first', async () => {
  const { bus } = makeBus();
  bus.publish('s', 1);
  bus.publish('s', 2);
  const { seen } = collect(bus, 's');
  await settle();
  bus.publish('s', 3);
  await settle();
  expect(seen).toEqual(['s:1', 's:2', 's:3']);
  expect(bus.size).toBe(0);
});

describe('a message that is not acknowledged', () => {
  test('comes again after the wait, and only then', async () => {
    const { bus, clock } = makeBus();
    let acknowledge = false;
    const { seen } = collect(bus, 's', () => acknowledge);
    bus.publish('s', 1);
    await clock.advance(999);
    expect(seen).toEqual(['s:1']);
    acknowledge = true;
    await clock.advance(1);
    expect(seen).toEqual(['s:1', 's:1']);
    await clock.advance(10_000);
    expect(seen).toHaveLength(2);
  });

  test('does not hold up the ones behind it', async () => {
    const { bus } = makeBus();
    const { seen } = collect(bus, 's', (data) => data !== 1);
    for (const data of [1, 2, 3]) bus.publish('s', data);
    await settle();
    expect(seen).toEqual(['s:1', 's:2', 's:3']);
    expect(bus.size).toBe(1);
  });

  test('stays for the next subscriber', async () => {
    const { bus } = makeBus();
    const first = collect(bus, 's', () => false);
    bus.publish('s', 1);
    await settle();
    first.leave.abort();
    await first.done;
    const second = collect(bus, 's');
    await settle();
    expect(second.seen).toEqual(['s:1']);
    expect(bus.size).toBe(0);
  });
});

test('a full bus refuses messages instead of dropping any', async () => {
  const { bus } = makeBus({ limit: 2 });
  bus.publish('s', 1);
  bus.publish('s', 2);
  expect(() => bus.publish('s', 3)).toThrow(BusFullError);
  const { seen } = collect(bus, 's');
  await settle();
  bus.publish('s', 3);
  await settle();
  expect(seen).toEqual(['s:1', 's:2', 's:3']);
});

test('a subscriber that leaves ends without an error and leaves no timer', async () => {
  const { bus, clock } = makeBus();
  const { done, leave } = collect(bus, 's', () => false);
  bus.publish('s', 1);
  await settle();
  leave.abort();
  await done;
  expect(clock.sleeping).toBe(0);
});
