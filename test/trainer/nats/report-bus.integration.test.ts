// The trainer's reports over a real NATS: kept through an outage, once, and given up when the trainer is asked to end.
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Nats } from '../../../scripts/cluster/index.ts';
import { NatsGaveUpError, openNats } from '../../../trainer/nats/index.ts';
import { failureReport, makeReport, resultReport } from '../../builders/objects.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { startOwnNats } from './own-nats.ts';

const STREAM = 'BIONAS_REPORTS';
let nats: Nats;
let connection: NatsConnection;
let manager: JetStreamManager;
let subject: string;
let trial = 0;

beforeAll(async () => {
  ({ nats, connection } = await startOwnNats());
  manager = await jetstreamManager(connection);
  await makeStream();
});
afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});
beforeEach(() => {
  subject = `bionas.default.night.uid-${trial++}`;
});

const SUBJECTS = ['bionas.*.*.*.result', 'bionas.*.*.*.failure'];
/** The test's own connection may be on its way back. */
const makeStream = () =>
  eventually(() => manager.streams.add({ name: STREAM, subjects: SUBJECTS }), 20_000);

function busOf({ signal = new AbortController().signal, patienceMs = 60_000, rank = 0 } = {}) {
  const log: string[] = [];
  const note = (line: string) => void log.push(line);
  const place = { subject, attempt: 0, rank };
  const { bus } = openNats({ url: nats.url, ...place, log: note, signal, patienceMs });
  return { bus, log };
}

/** The server, and the test's own connection to it. */
async function back(): Promise<void> {
  await nats.restart();
  await eventually(() => connection.flush(), 20_000);
}

async function kept(): Promise<number> {
  const { state } = await manager.streams.info(STREAM, { subjects_filter: `${subject}.>` });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}

const report = () => ({ ...resultReport(), trial: subject.split('.').at(-1) ?? '' });
const progress = { epoch: 0, epochs: 1, step: 1, steps: 2 };

test('a result is in the stream when it is sent, and a second time is the same one', async () => {
  const { bus } = busOf();
  await bus.send(report());
  await bus.send(report());
  expect(await kept()).toBe(1);
});

test('a failure and the result of another attempt are reports of their own', async () => {
  const { bus } = busOf();
  await bus.send({ ...failureReport('too warm'), trial: report().trial });
  await bus.send({ ...report(), sequence: 1 });
  await bus.send({ ...report(), attempt: 1 });
  expect(await kept()).toBe(3);
});

test("a worker's first report is not taken for the first worker's", async () => {
  await busOf({ rank: 1 }).bus.send({ ...failureReport('too warm'), trial: report().trial });
  await busOf().bus.send(report());
  expect(await kept()).toBe(2);
});

test('progress goes by without a stream', async () => {
  const heard: string[] = [];
  const subscription = connection.subscribe(`${subject}.progress`, {
    callback: (_, message) => void heard.push(message.string()),
  });
  await connection.flush();
  const { bus } = busOf();
  await eventually(async () => {
    await bus.send(makeReport({ kind: 'progress', progress }));
    expect(heard.length).toBeGreaterThan(0);
  });
  subscription.unsubscribe();
  expect(await kept()).toBe(0);
});

test('progress before NATS is there is lost at once, and holds nothing up', async () => {
  await nats.kill();
  const { bus } = busOf();
  const sent = bus.send(makeReport({ kind: 'progress', progress }));
  await expect(sent).rejects.toThrow('NATS was not there yet');
  await back();
});

test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
  ['a server that is away', () => nats.kill(), () => back()],
  ['a stream that is gone', () => manager.streams.delete(STREAM), makeStream],
  ['a disk that was lost', () => nats.restart({ keepDisk: false }), makeStream],
])('%s is waited for', async (_what, disturb, mend) => {
  const { bus, log } = busOf();
  await bus.send({ ...report(), sequence: 7 });
  await disturb();
  let isSent = false;
  const sent = bus.send(report()).then(() => (isSent = true));
  await eventually(() => expect(log.join('\n')).toContain('trying again'));
  expect(isSent).toBe(false);
  await mend();
  await sent;
  await eventually(async () => expect(await kept()).toBeGreaterThan(0));
});

test('an outage longer than the patience ends the wait, and the next report does not begin another', async () => {
  await nats.kill();
  const { bus } = busOf({ patienceMs: 1_000 });
  await expect(bus.send(report())).rejects.toThrow(NatsGaveUpError);
  const before = performance.now();
  await expect(bus.send({ ...report(), sequence: 1 })).rejects.toThrow(NatsGaveUpError);
  expect(performance.now() - before).toBeLessThan(6_000);
  await back();
});

test('a trainer that is asked to end does not wait for it', async () => {
  const stop = new AbortController();
  const { bus, log } = busOf({ signal: stop.signal });
  await nats.kill();
  const sent = bus.send(report());
  await eventually(() => expect(log.join('\n')).toContain('trying again'));
  const before = performance.now();
  stop.abort();
  await expect(sent).rejects.toThrow(NatsGaveUpError);
  await expect(bus.send(report())).rejects.toThrow(NatsGaveUpError);
  expect(performance.now() - before).toBeLessThan(5_000);
  await back();
});

test('a trainer that is asked to end still says so where it can', async () => {
  const stop = new AbortController();
  const { bus } = busOf({ signal: stop.signal });
  await bus.send(report());
  stop.abort();
  await bus.send({ ...failureReport('stopped'), trial: report().trial, sequence: 1 });
  expect(await kept()).toBe(2);
});
