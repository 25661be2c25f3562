// The NATS of a cluster, for a command that stays: on a real server that is away when the command starts.
import { expect, onTestFinished, test } from 'vitest';
import { clusterNats } from '../../../cli/place/cluster-nats.ts';
import { prepareStreams } from '../../../operator/adapters/nats/index.ts';
import { makeRecord } from '../../builders/search-result.ts';
import { linkTo, makeLedger, startServer } from '../../operator/adapters/nats/nats-world.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

const PATIENCE_MS = 30_000;

test('NATS that comes later is read and listened to', async () => {
  const server = await startServer();
  const trainers = await linkTo(server);
  await prepareStreams(trainers.connection);
  const record = makeRecord(0);
  await makeLedger(trainers).append(record.search, record, 0);
  await server.kill();

  const nats = clusterNats({ nats: server.url }, new AbortController().signal, 1_000);
  onTestFinished(() => nats.close());
  nats.listen();
  const names = async () => {
    const read: string[] = [];
    for await (const known of nats.recordsFrom(record.search, 0)) read.push(known.record.name);
    return read;
  };
  await expect(names()).rejects.toThrow('expected a NATS server');

  await server.restart();
  expect(await eventually(names, PATIENCE_MS)).toEqual([record.name]);
  const [metrics] = record.result?.epochs ?? [];
  const progress = { epoch: 1, epochs: 2, step: 0, steps: 10 };
  const body = { kind: 'epoch', metrics, progress };
  const report = JSON.stringify({ trial: 'uid-0', attempt: 0, sequence: 1, body });
  await eventually(() => {
    // What nobody listens to yet is gone: it is told until somebody does.
    trainers.connection.publish('bionas.default.night.uid-0.epoch', report);
    expect(nats.epochsOf('uid-0')).toEqual([metrics]);
  }, PATIENCE_MS);
});
