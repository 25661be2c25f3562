// A manager among replicas: what runs before it leads, while it does, and after; and how it stops within ten seconds.
import { describe, expect, test } from 'vitest';
import {
  aborted,
  Controller,
  LeadershipLostError,
  Manager,
  noMetrics,
  type ObjectKey,
  type Runnable,
  RunnableFailedError,
  silentLogger,
} from '../../../operator/runtime/index.ts';
import { Candidate, LeaseServer, type Trip } from './candidate.ts';
import { FakeClock, settle } from './fake-clock.ts';

function cluster() {
  const clock = new FakeClock();
  const server = new LeaseServer(clock);
  const log: string[] = [];
  const part = (name: string): Runnable => ({
    name,
    async run(signal) {
      log.push(`${name} starts`);
      await aborted(signal);
      log.push(`${name} stops`);
    },
  });
  const replica = (name: string, trip?: () => Trip) => {
    const { elector } = new Candidate(clock, server, { identity: name, ...(trip && { trip }) });
    const informer = {
      ...part(`${name}: informer`),
      hasSynced: true,
      synced: () => Promise.resolve(),
    };
    const stop = new AbortController();
    const running = new Manager({
      informers: [informer],
      controllers: [part(`${name}: controller`)],
      leadership: elector,
      clock,
      logger: silentLogger,
    }).run(stop.signal);
    running.catch(() => {});
    return { running, stop, elector };
  };
  return { clock, log, replica };
}

test('a standby is warm, and reconciles once the leader has stopped', async () => {
  const { clock, log, replica } = cluster();
  const a = replica('a');
  await clock.advance(1_000);
  const b = replica('b');
  await clock.advance(30_000);
  expect(log.splice(0)).toEqual([
    'a: informer starts',
    'a: controller starts',
    'b: informer starts',
  ]);
  a.stop.abort();
  await a.running;
  await clock.advance(2_500);
  expect(log).toEqual(['a: controller stops', 'a: informer stops', 'b: controller starts']);
  b.stop.abort();
  await b.running;
  expect(clock.sleeping).toBe(0);
});

test('a leader that loses the lease stops its controllers, then all of it, and says why', async () => {
  const { clock, log, replica } = cluster();
  let trip = { there: 0, back: 0 };
  const a = replica('a', () => trip);
  await clock.advance(1_000);
  trip = { there: Number.POSITIVE_INFINITY, back: 0 };
  await clock.advance(12_000);
  await expect(a.running).rejects.toThrow(RunnableFailedError);
  await expect(a.running).rejects.toMatchObject({ cause: expect.any(LeadershipLostError) });
  expect(log.slice(2)).toEqual(['a: controller stops', 'a: informer stops']);
});

test('a controller that fails takes the lease along: the others have stopped before it is given back', async () => {
  const clock = new FakeClock();
  const leases = new LeaseServer(clock);
  const log: string[] = [];
  const { elector } = new Candidate(clock, leases, { identity: 'a' });
  const slow: Runnable = {
    name: 'slow',
    async run(signal) {
      await aborted(signal);
      await clock.sleep(5_000);
      log.push(`slow ends, lease held: ${elector.isHeld()}`);
    },
  };
  const broken: Runnable = {
    name: 'broken',
    run: async () => {
      await clock.sleep(1_000);
      throw new Error('cannot go on');
    },
  };
  const running = new Manager({
    informers: [],
    controllers: [slow, broken],
    leadership: elector,
    clock,
    logger: silentLogger,
  }).run(new AbortController().signal);
  running.catch(() => {});
  await clock.advance(10_000);
  await expect(running).rejects.toThrow('broken failed');
  expect(log).toEqual(['slow ends, lease held: true']);
  expect(leases.lease?.spec?.holderIdentity).toBe('');
});

type Work = (clock: FakeClock, signal: AbortSignal) => Promise<void>;

const untilTold: Work = async (_, signal) => {
  await aborted(signal);
  signal.throwIfAborted();
};

/** A leader with one reconcile in hand, asked to stop: ms until the manager has ended. */
async function stopWith(work: Work, stopBy: 'signal' | 'lost lease') {
  const clock = new FakeClock();
  let trip = { there: 0, back: 0 };
  const { elector } = new Candidate(clock, new LeaseServer(clock), {
    identity: 'a',
    trip: () => trip,
  });
  let enqueue: (key: ObjectKey) => void = () => {};
  const source = {
    start: (add: typeof enqueue) => {
      enqueue = add;
    },
  };
  const controller = new Controller({
    name: 'slow',
    reconciler: {
      reconcile: async (_, { signal }) => {
        await work(clock, signal);
        return {};
      },
    },
    sources: [source],
    clock,
    logger: silentLogger,
  });
  const stop = new AbortController();
  const running = new Manager({
    informers: [],
    controllers: [controller],
    leadership: elector,
    clock,
    logger: silentLogger,
    gracePeriodMs: 10_000,
  }).run(stop.signal);
  let ended: { readonly at: number; readonly error?: unknown } | undefined;
  running.then(
    () => {
      ended = { at: clock.monotonic() };
    },
    (error) => {
      ended = { at: clock.monotonic(), error };
    },
  );
  await settle();
  enqueue({ namespace: 'default', name: 'a' });
  await settle();
  if (stopBy === 'signal') stop.abort();
  else {
    trip = { there: Number.POSITIVE_INFINITY, back: 0 };
    while (elector.isHeld()) await clock.advance(100);
  }
  const start = clock.monotonic();
  await clock.advance(15_000);
  return { ms: (ended?.at ?? Number.NaN) - start, error: ended?.error };
}

describe('asked to stop, with a reconcile in hand that', () => {
  const inTime = (ms: number) => ({ ms, error: undefined });
  const late = { message: 'manager stopping: not done within 10000 ms' };
  test.each<{ what: string; work: Work; want: object }>([
    { what: 'takes 5 s, it waits', work: (clock) => clock.sleep(5_000), want: inTime(5_000) },
    { what: 'has no end, it says so after 8 s', work: untilTold, want: inTime(8_000) },
    {
      what: 'does not listen, it gives up after 10 s',
      work: () => new Promise(() => {}),
      want: { ms: 10_000, error: expect.objectContaining(late) },
    },
  ])('$what', async ({ work, want }) => {
    expect(await stopWith(work, 'signal')).toEqual(want);
  });
});

test('a reconcile in hand when the lease is lost is told at once: it could write nothing any more', async () => {
  const { ms, error } = await stopWith(untilTold, 'lost lease');
  expect(ms).toBeLessThan(100);
  expect(error).toMatchObject({ cause: expect.any(LeadershipLostError) });
});

test('each replica says from its start whether it leads, so that none leading can be seen', async () => {
  const clock = new FakeClock();
  const server = new LeaseServer(clock);
  const said = (identity: string) => {
    const values: number[] = [];
    const gauge = (_name: string, value: number) => void values.push(value);
    const candidate = new Candidate(clock, server, { identity, metrics: { ...noMetrics, gauge } });
    void candidate.run();
    return { values, candidate };
  };
  const first = said('a');
  await settle();
  const second = said('b');
  await settle();
  expect([first.values, second.values]).toEqual([[0, 1], [0]]);
  first.candidate.stop();
  await settle();
  expect(first.values).toEqual([0, 1, 0]);
  second.candidate.stop();
});
