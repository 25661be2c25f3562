import { expect, test } from 'vitest';
import { LocalBus } from '../../../../operator/adapters/local/index.ts';
import type { Bus } from '../../../../operator/reconcilers/index.ts';
import { ReportInbox } from '../../../../operator/reconcilers/trial/index.ts';
import { ClockSteps, noMetrics, silentLogger } from '../../../../operator/runtime/index.ts';
import { failureReport, makeReport, resultReport } from '../../../builders/objects.ts';
import { FakeClock, settle } from '../../runtime/fake-clock.ts';

const UID = 'night-0-uid';
const SUBJECT = `bionas.default.night.${UID}`;

type Again = (() => void) | undefined;

/** A bus whose deliveries can be asked for again so. */
const givingBack = (bus: Bus, again: () => Again): Bus => ({
  async *subscribe(subject, signal) {
    for await (const delivery of bus.subscribe(subject, signal))
      yield { ...delivery, ack: () => delivery.ack(), again: again() };
  },
});

async function listen({ known = true, knowsAll = true, again = (): Again => undefined } = {}) {
  const clock = new FakeClock();
  const bus = new LocalBus({ clock });
  const stop = new AbortController();
  const woken: string[] = [];
  const watched: string[] = [];
  const inbox = new ReportInbox({
    bus: givingBack(bus, again),
    subject: 'bionas.>',
    clock,
    steps: new ClockSteps(clock),
    logger: silentLogger,
    metrics: noMetrics,
    keyOf: () => (known ? { namespace: 'default', name: 'night-0' } : undefined),
    knowsAll: () => knowsAll,
    watch: ({ body }) => void watched.push(body.kind),
  });
  inbox.start(({ name }) => void woken.push(name));
  const running = inbox.run(stop.signal);
  const say = async (data: unknown, subject = SUBJECT) => {
    bus.publish(subject, data);
    await settle();
  };
  const end = () => {
    stop.abort();
    return running;
  };
  const kinds = () => inbox.pending(UID).map(({ report }) => report.body.kind);
  return { bus, inbox, say, end, kinds, woken, watched };
}

test('a result wakes its trial and is kept until it is settled', async () => {
  const { bus, inbox, say, end, woken } = await listen();
  await say(resultReport());
  expect(woken).toEqual(['night-0']);
  expect(bus.size).toBe(1);
  inbox.settle(UID, inbox.pending(UID));
  expect([bus.size, inbox.pending(UID)]).toEqual([0, []]);
  await end();
});

test('progress goes to who watches, and is not kept', async () => {
  const { bus, say, end, kinds, watched, woken } = await listen();
  const progress = { epoch: 0, epochs: 1, step: 1, steps: 2 };
  await say(makeReport({ kind: 'progress', progress }));
  expect([bus.size, kinds(), watched, woken]).toEqual([0, [], ['progress'], []]);
  await end();
});

test.each([
  ['no report', 'hello', SUBJECT],
  ['a report with a field of the wrong type', { ...resultReport(), attempt: -1 }, SUBJECT],
  ["a report on another trial's subject", resultReport(), 'bionas.default.night.another-uid'],
  [
    'one of a search that is called like the trial',
    resultReport(),
    `bionas.default.${UID}.another-uid`,
  ],
  ['one of a namespace that is', resultReport(), `bionas.${UID}.night.another-uid`],
])('%s is dropped', async (_what, data, subject) => {
  const { bus, say, end, kinds, watched } = await listen();
  await say(data, subject);
  expect([bus.size, kinds(), watched]).toEqual([0, [], []]);
  await end();
});

test('a report for a trial that is gone is dropped', async () => {
  const { bus, say, end, kinds } = await listen({ known: false });
  await say(resultReport());
  expect([bus.size, kinds()]).toEqual([0, []]);
  await end();
});

test('what another operator has just made may be unknown: its result is asked for again, until it does not come', async () => {
  let left = 2;
  const asked: number[] = [];
  const again = () => (left > 0 ? () => void asked.push(left--) : undefined);
  const { bus, say, end, kinds } = await listen({ known: false, again });
  await say(makeReport({ kind: 'progress', progress: { epoch: 0, epochs: 1, step: 1, steps: 2 } }));
  for (let i = 0; i < 3; i += 1) await say(resultReport());
  expect([asked, kinds()]).toEqual([[2, 1], []]);
  // Two were given back, to a bus that here only keeps them.
  expect(bus.size).toBe(2);
  await end();
});

test('a report that comes before the trial is known waits for it', async () => {
  const { say, end, kinds, woken } = await listen({ known: false, knowsAll: false });
  await say(resultReport());
  expect([kinds(), woken]).toEqual([['result'], []]);
  await end();
});

test('a flood of failures never drowns the result', async () => {
  const { bus, say, end, kinds } = await listen();
  await say(failureReport('first'));
  await say(resultReport());
  for (let i = 0; i < 40; i += 1) await say(failureReport(`${i}`));
  expect(kinds()).toHaveLength(16);
  expect(kinds()).toContain('result');
  expect(bus.size).toBe(16);
  await end();
});
