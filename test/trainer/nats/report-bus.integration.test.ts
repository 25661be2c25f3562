// The trainer's reports over a real NATS: kept through an outage, sent once, given up when the trainer is asked to end.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Nats, startNats } from '../../../scripts/cluster/index.ts';
import { natsBus, ReportNotTakenError } from '../../../trainer/nats/index.ts';
import { makeReport, resultReport } from '../../builders/objects.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

const STREAM = 'BIONAS_REPORTS';
let nats: Nats;
let connection: NatsConnection;
let subject: string;
let trial = 0;

beforeAll(async () => {
  nats = await startNats({});
  connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: STREAM, subjects: ['bionas.*.*.*.result'] });
});
afterAll(async () => {
  await connection?.close();
  await nats?.stop();
});
beforeEach(() => {
  subject = `bionas.default.night.uid-${trial++}`;
});

const busOf = (signal = new AbortController().signal) =>
  natsBus({ url: nats.url, subject, log: () => {}, signal });

async function kept(): Promise<number> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(STREAM, { subjects_filter: `${subject}.>` });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}

const report = () => ({ ...resultReport(), trial: subject.split('.').at(-1) ?? '' });

test('a result is in the stream when it is sent, and a second time is the same one', async () => {
  const bus = busOf();
  await bus.send(report());
  await bus.send(report());
  expect(await kept()).toBe(1);
});

test('progress goes by without a stream', async () => {
  const heard: string[] = [];
  const subscription = connection.subscribe(`${subject}.progress`, {
    callback: (_, message) => void heard.push(message.string()),
  });
  await connection.flush();
  const progress = { epoch: 0, epochs: 1, step: 1, steps: 2 };
  await busOf().send(makeReport({ kind: 'progress', progress }));
  await eventually(() => expect(heard).toHaveLength(1));
  subscription.unsubscribe();
  expect(await kept()).toBe(0);
});

test('an outage is waited for', async () => {
  const bus = busOf();
  await bus.send(
    makeReport({ kind: 'progress', progress: { epoch: 0, epochs: 1, step: 1, steps: 2 } }),
  );
  await nats.kill();
  const sent = bus.send(report());
  await nats.restart();
  await sent;
  await eventually(async () => expect(await kept()).toBe(1));
});

test('a trainer that is asked to end does not wait for it', async () => {
  const stop = new AbortController();
  const bus = busOf(stop.signal);
  await nats.kill();
  const sent = bus.send(report());
  stop.abort();
  await expect(sent).rejects.toThrow(ReportNotTakenError);
  await nats.restart();
});
