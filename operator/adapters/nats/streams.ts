// The two streams: made where they are missing, changed where their settings differ, refused where that cannot be done.
import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import { bucketSettings } from '../../../crds/index.ts';
import { unlessMissing } from './answers.ts';
import { StreamSettingsError } from './errors.ts';
import { bucketOf, DECISIVE, narrowed, RECORDS } from './subjects.ts';

export const REPORTS = 'BIONAS_REPORTS';
export const LEDGER = 'BIONAS_LEDGER';

export interface StreamSettings {
  /** Copies of each stream, in a cluster of servers; 1 by default. */
  readonly replicas?: number | undefined;
  /** Reports wait for an operator no longer than this; 7 days by default. */
  readonly reportsMaxAgeMs?: number | undefined;
  /** Beyond this, trainers wait until the operator has taken reports; 512 MiB by default. */
  readonly reportsMaxBytes?: number | undefined;
  /** A report that is sent again within this is not kept twice; 2 hours by default, as trainers go on for one. */
  readonly duplicateWindowMs?: number | undefined;
}

const HOUR_MS = 3_600_000;
/** A failure's message of 32,768 characters may take six bytes each as JSON. */
export const LARGEST_REPORT = 256 * 1024;

type Wanted = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>;

/**
 * A work queue: what is acknowledged is gone, so the stream holds just what no operator has written yet, a lost consumer
 * costs nothing, and the reports of a deleted search go as they are refused. When full it refuses the newest: their
 * trainers have them still.
 */
const reportStream = (settings: StreamSettings): Wanted => ({
  name: REPORTS,
  subjects: narrowed('bionas.>', DECISIVE),
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  num_replicas: settings.replicas ?? 1,
  max_age: nanos(settings.reportsMaxAgeMs ?? 7 * 24 * HOUR_MS),
  max_bytes: settings.reportsMaxBytes ?? 512 * 1024 * 1024,
  max_msg_size: LARGEST_REPORT,
  duplicate_window: nanos(settings.duplicateWindowMs ?? 2 * HOUR_MS),
});

/** A subject a search. Nothing ever leaves it, but with its search. */
const ledgerStream = ({ replicas = 1 }: StreamSettings): Wanted => ({
  name: LEDGER,
  subjects: [RECORDS],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  num_replicas: replicas,
  max_age: 0,
  max_bytes: -1,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  compression: StoreCompression.S2,
});

/** A stream as it is now. */
export interface Prepared {
  /** When it was made: another time is another stream, with other sequence numbers. */
  readonly created: string;
}

export const prepareReports = (
  connection: NatsConnection,
  settings: StreamSettings = {},
): Promise<Prepared> => prepare(connection, reportStream(settings));

export const prepareLedger = (
  connection: NatsConnection,
  settings: StreamSettings = {},
): Promise<Prepared> => prepare(connection, ledgerStream(settings));

/** Where a search's trials keep their files. @throws StreamSettingsError */
export const prepareBucket = (
  connection: NatsConnection,
  search: string,
  { replicas }: StreamSettings = {},
): Promise<Prepared> => prepare(connection, bucketSettings(bucketOf(search), replicas));

/** Makes and checks both. @throws StreamSettingsError */
export async function prepareStreams(
  connection: NatsConnection,
  settings: StreamSettings = {},
): Promise<void> {
  await prepareReports(connection, settings);
  await prepareLedger(connection, settings);
}

async function prepare(connection: NatsConnection, wanted: Wanted): Promise<Prepared> {
  const manager = await managerOf(connection);
  const info = await manager.streams.info(wanted.name).catch(unlessMissing);
  if (info === undefined) return make(manager, wanted);
  const differing = differences(info.config, wanted);
  if (differing.length === 0) return info;
  try {
    return await manager.streams.update(wanted.name, wanted);
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw cause;
    throw refused(wanted, `${differing.join(', ')}, which the server does not change`, cause);
  }
}

async function make(manager: JetStreamManager, wanted: Wanted): Promise<Prepared> {
  try {
    return await manager.streams.add(wanted);
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw cause;
    throw refused(wanted, 'a server that does not make it', cause);
  }
}

const refused = ({ name }: Wanted, got: string, cause: JetStreamApiError): StreamSettingsError =>
  new StreamSettingsError(
    `stream ${name}: expected the settings of this operator, got ${got}: ${cause.message}; ` +
      `change the operator's settings, or remove the stream (what it holds is lost then)`,
    { cause },
  );

/** `max_age: 5 instead of 6`, for each setting that is not as wanted. */
function differences(got: StreamConfig, wanted: Wanted): string[] {
  const actual = got as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(actual[key]) !== JSON.stringify(value))
    .map(
      ([key, value]) =>
        `${key}: ${JSON.stringify(actual[key])} instead of ${JSON.stringify(value)}`,
    );
}

/** Asks nothing of the server: every call that follows does. */
export const managerOf = (connection: NatsConnection): Promise<JetStreamManager> =>
  jetstreamManager(connection, { checkAPI: false });
