// Leader election as stories: who leads when, and who may not any more. Times are those of client-go: 15, 10 and 2 seconds.
import { expect, test } from 'vitest';
import { LeadershipLostError } from '../../../operator/runtime/index.ts';
import { Candidate, type CandidateOptions, KEY, LeaseServer, type Trip } from './candidate.ts';
import { FakeClock, settle } from './fake-clock.ts';

const START = Date.UTC(2030, 0, 1);
const AT_ONCE: Trip = { there: 0, back: 0 };

function place() {
  const clock = new FakeClock(START);
  const server = new LeaseServer(clock);
  const seconds = (at: number) => (at - START) / 1000;
  const candidate = (identity: string, options: Omit<CandidateOptions, 'identity'> = {}) =>
    new Candidate(clock, server, { identity, ...options });
  return { clock, server, candidate, seconds };
}

/** Ms until `check` holds, in steps of 100 ms. */
async function timeUntil(clock: FakeClock, check: () => boolean): Promise<number> {
  for (let ms = 0; ms < 120_000; ms += 100) {
    if (check()) return ms;
    await clock.advance(100);
  }
  throw new Error('never within two minutes');
}

test('the first makes the lease and renews it every two seconds; the second waits', async () => {
  const { clock, server, candidate, seconds } = place();
  const [a, b] = [candidate('a'), candidate('b')];
  void a.run();
  await settle();
  void b.run();
  expect(server.lease?.metadata).toMatchObject(KEY);
  expect(server.lease?.spec).toEqual({
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: '2030-01-01T00:00:00.000000Z',
    renewTime: '2030-01-01T00:00:00.000000Z',
    leaseTransitions: 0,
  });
  await clock.advance(60_000);
  expect([a.isWorking, b.isWorking]).toEqual([true, false]);
  expect([a.elector.isHeld(), b.elector.isHeld()]).toEqual([true, false]);
  expect(server.writes.slice(0, 4).map(({ at }) => seconds(at))).toEqual([0, 2, 4, 6]);
  expect(server.lease?.spec?.acquireTime).toBe('2030-01-01T00:00:00.000000Z');
  expect(server.lease?.spec?.renewTime).toBe('2030-01-01T00:01:00.000000Z');
});

test('of many at the same moment one leads', async () => {
  const { clock, candidate } = place();
  const all = ['a', 'b', 'c', 'd'].map((name) => candidate(name));
  for (const one of all) void one.run();
  await clock.advance(30_000);
  expect(all.filter((one) => one.isWorking)).toHaveLength(1);
  expect(all.flatMap(({ lines }) => lines)).not.toContain('Lease out of reach, trying again');
});

test.each<{ clocks: string; skew: number | 'stopped' }>([
  { clocks: 'clocks that agree', skew: 0 },
  { clocks: 'a clock a year ahead', skew: 365 * 86_400_000 },
  { clocks: 'a clock a year behind', skew: -365 * 86_400_000 },
  { clocks: 'a stopped clock', skew: 'stopped' },
])('with $clocks, the lease of a leader that died is taken 15 to 20 s later', async ({ skew }) => {
  const { clock, server, candidate } = place();
  const [a, b] = [candidate('a', { skew }), candidate('b')];
  void a.run();
  await settle();
  void b.run();
  await clock.advance(31_000);
  expect([a.isWorking, b.isWorking]).toEqual([true, false]);
  a.pause();
  const ms = await timeUntil(clock, () => b.isWorking);
  expect(ms).toBeGreaterThanOrEqual(14_000);
  expect(ms).toBeLessThan(20_000);
  expect(server.lease?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
  expect([a.elector.epoch, b.elector.epoch]).toEqual([0, 1]);
});

test('a leader that stops keeps the lease until its work has ended, then the next need not wait', async () => {
  const { clock, server, candidate } = place();
  const [a, b] = [candidate('a'), candidate('b')];
  const leaving = Promise.withResolvers<void>();
  a.leaving = leaving.promise;
  const running = a.run();
  await settle();
  void b.run();
  a.stop();
  await clock.advance(60_000);
  expect([a.isWorking, a.elector.isHeld(), b.isWorking]).toEqual([true, true, false]);
  leaving.resolve();
  await running;
  expect([a.isWorking, a.elector.isHeld(), a.lost]).toEqual([false, false, undefined]);
  expect(server.lease?.spec).toMatchObject({ holderIdentity: '', leaseTransitions: 0 });
  expect(await timeUntil(clock, () => b.isWorking)).toBeLessThan(2_500);
  expect(server.lease?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
});

test('asked to stop while waiting, a candidate leaves no trace', async () => {
  const { clock, server, candidate } = place();
  const [a, b] = [candidate('a'), candidate('b')];
  void a.run();
  await settle();
  const waiting = b.run();
  await clock.advance(5_000);
  b.stop();
  await waiting;
  expect(server.lease?.spec?.holderIdentity).toBe('a');
  a.stop();
  await clock.advance(5_000);
  expect(clock.sleeping).toBe(0);
});

test('on a server that takes 3 s to answer, a leader stays one', async () => {
  const { clock, candidate } = place();
  const a = candidate('a', { trip: () => ({ there: 1500, back: 1500 }) });
  void a.run();
  await timeUntil(clock, () => a.isWorking);
  for (let i = 0; i < 600; i += 1) {
    await clock.advance(100);
    expect(a.elector.isHeld()).toBe(true);
  }
});

test('on a server that takes 12 s to answer, nobody leads, and nobody complains twice', async () => {
  const { clock, candidate } = place();
  const a = candidate('a', { trip: () => ({ there: 6000, back: 6000 }) });
  void a.run();
  await clock.advance(120_000);
  expect([a.isWorking, a.elector.isHeld()]).toEqual([false, false]);
  expect(a.lines.filter((line) => line === 'Lease out of reach, trying again')).toHaveLength(1);
});

test('an outage of 7 s is survived; one of 10 s ends the term, before another may begin', async () => {
  const { clock, candidate } = place();
  let trip = AT_ONCE;
  const [a, b] = [candidate('a', { trip: () => trip }), candidate('b')];
  const running = a.run();
  await settle();
  void b.run();
  await clock.advance(4_000);
  trip = { there: Number.POSITIVE_INFINITY, back: 0 };
  await clock.advance(7_000);
  trip = AT_ONCE;
  await clock.advance(20_000);
  expect([a.isWorking, b.isWorking]).toEqual([true, false]);

  trip = { there: Number.POSITIVE_INFINITY, back: 0 };
  const lostAfter = await timeUntil(clock, () => !a.isWorking);
  expect(lostAfter).toBeLessThanOrEqual(10_000);
  expect(b.isWorking).toBe(false);
  await running;
  expect(a.lost).toBeInstanceOf(LeadershipLostError);
  expect(a.elector.isHeld()).toBe(false);
  expect(lostAfter + (await timeUntil(clock, () => b.isWorking))).toBeLessThan(20_000);
});

test('a leader that was stopped longer than its lease may not write when it goes on', async () => {
  const { clock, candidate } = place();
  const [a, b] = [candidate('a'), candidate('b')];
  const running = a.run();
  await settle();
  void b.run();
  await clock.advance(5_000);
  expect(() => a.elector.assertHeld()).not.toThrow();
  a.pause();
  await clock.advance(20_000);
  expect(b.isWorking).toBe(true);
  // Nothing of it has run yet: this is the first write after SIGCONT.
  expect(() => a.elector.assertHeld()).toThrow(/not the leader; this write was not sent/);
  a.resume();
  await running;
  expect(a.lost).toBeInstanceOf(LeadershipLostError);
  await clock.advance(60_000);
  expect([a.isWorking, b.isWorking]).toEqual([false, true]);
});

test.each<{ what: string; happens: (server: LeaseServer) => void }>([
  {
    what: 'annotates the lease',
    happens: (server) => server.patch({ metadata: { annotations: { note: 'hello' } } }, {}),
  },
  {
    what: 'removes the lease',
    happens: (server) => {
      server.lease = undefined;
    },
  },
])('when someone $what, the leader stays, in the same term', async ({ happens }) => {
  const { clock, server, candidate } = place();
  const [first, a, b] = [candidate('first'), candidate('a'), candidate('b')];
  void first.run();
  await settle();
  void a.run();
  first.stop();
  await timeUntil(clock, () => a.isWorking);
  void b.run();
  await clock.advance(5_000);
  happens(server);
  await clock.advance(30_000);
  expect([a.isWorking, b.isWorking]).toEqual([true, false]);
  expect(server.lease?.spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 1 });
});

test('an answer from before the term does not end it', async () => {
  const { clock, server, candidate } = place();
  server.create({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: KEY,
    spec: { holderIdentity: '' },
  });
  const trips: Trip[] = [{ there: 0, back: 8_000 }];
  const a = candidate('a', { trip: () => trips.shift() ?? AT_ONCE });
  void a.run();
  await timeUntil(clock, () => a.isWorking);
  await clock.advance(30_000);
  expect([a.isWorking, a.lost]).toEqual([true, undefined]);
  expect(a.lines).not.toContain('Not leading any more');
});

test('when someone gives the lease to another by hand, the leader stops', async () => {
  const { clock, server, candidate } = place();
  const a = candidate('a');
  const running = a.run();
  await clock.advance(5_000);
  server.patch({ spec: { holderIdentity: 'someone' } }, {});
  await clock.advance(2_000);
  await running;
  expect(a.lost).toBeInstanceOf(LeadershipLostError);
});

test('durations that leave no room are refused', () => {
  const { candidate } = place();
  expect(() => candidate('a', { leaseDurationMs: 10_000 })).toThrow(
    'expected leaseDurationMs > renewDeadlineMs > 1.2 retryPeriodMs, got 10000, 10000, 2000',
  );
});
