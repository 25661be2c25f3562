// Streams are made where they are missing, changed where that is possible, and refused with the reason where it is not.
import { jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { expect, test } from 'vitest';
import {
  LEDGER,
  type NatsLink,
  prepareStreams,
  REPORTS,
  StreamSettingsError,
} from '../../../../operator/adapters/nats/index.ts';
import { linkTo, startServer } from './nats-world.ts';

const SECOND = 1_000_000_000;

async function configs(link: NatsLink) {
  const { streams } = await jetstreamManager(link.connection);
  const [reports, ledger] = [await streams.info(REPORTS), await streams.info(LEDGER)];
  return { reports: reports.config, ledger: ledger.config };
}

test('both are made, and a second time nothing changes', async () => {
  const link = await linkTo(await startServer());
  await prepareStreams(link.connection);
  const made = await configs(link);
  expect(made.reports).toMatchObject({
    subjects: ['bionas.*.*.*.result', 'bionas.*.*.*.failure'],
    retention: 'workqueue',
    storage: 'file',
    num_replicas: 1,
    duplicate_window: 7_200 * SECOND,
  });
  expect(made.ledger).toMatchObject({ max_msgs_per_subject: -1, max_age: 0, max_bytes: -1 });
  await prepareStreams(link.connection);
  expect(await configs(link)).toEqual(made);
});

test('other settings are taken over, and what the streams hold stays', async () => {
  const link = await linkTo(await startServer());
  await prepareStreams(link.connection);
  link.connection.publish('bionas.default.night.trial.result', '1');
  await link.connection.flush();
  await prepareStreams(link.connection, {
    reportsMaxAgeMs: 60_000,
    reportsMaxBytes: 10_000_000,
    duplicateWindowMs: 30_000,
  });
  expect((await configs(link)).reports).toMatchObject({
    max_age: 60 * SECOND,
    max_bytes: 10_000_000,
    duplicate_window: 30 * SECOND,
  });
  const { streams } = await jetstreamManager(link.connection);
  expect((await streams.info(REPORTS)).state.messages).toBe(1);
});

test.each([
  [REPORTS, { retention: RetentionPolicy.Limits }, 'retention: "limits" instead of "workqueue"'],
  [LEDGER, { storage: StorageType.Memory }, 'storage: "memory" instead of "file"'],
])(
  'a stream %s with %j is refused with the difference and the way out',
  async (name, settings, difference) => {
    const link = await linkTo(await startServer());
    const { streams } = await jetstreamManager(link.connection);
    await streams.add({ name, subjects: ['other'], ...settings });
    const prepared = prepareStreams(link.connection);
    await expect(prepared).rejects.toThrow(StreamSettingsError);
    await expect(prepared).rejects.toThrow(difference);
    await expect(prepared).rejects.toThrow('or remove the stream');
  },
);

test('more replicas than servers are refused with what the server says', async () => {
  const link = await linkTo(await startServer());
  const prepared = prepareStreams(link.connection, { replicas: 3 });
  await expect(prepared).rejects.toThrow('replicas > 1 not supported');
});
