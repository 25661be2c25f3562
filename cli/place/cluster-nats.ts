// The NATS of a cluster, where it is in reach: the ledger, and the files that trainers keep. Connected once it is asked for.
import { randomUUID } from 'node:crypto';
import type { BioNASSearch, EpochMetrics, KeptFile } from '../../crds/index.ts';
import {
  bucketOf,
  connectNats,
  LiveReports,
  NatsLedger,
  type NatsLink,
} from '../../operator/adapters/nats/index.ts';
import { isTrialRecord, recordSchema } from '../../operator/reconcilers/index.ts';
import { backoffMs, noMetrics, silentLogger, systemClock } from '../../operator/runtime/index.ts';
import { type NatsPlace, natsAt } from '../nats-place.ts';
import { HeardEpochs } from './heard-epochs.ts';
import { foreign, foreignOnS3, isOnS3, type ReadingOfS3, s3File } from './left-file.ts';
import { type LedgerPlace, type LeftFile, type PlacedRecord, PlaceError } from './place.ts';

export interface ClusterNats {
  /** Of the search with that UID, from a place in its ledger on. */
  recordsFrom(search: string, place: LedgerPlace): AsyncGenerator<PlacedRecord>;
  object(kept: KeptFile, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** From now on epochs are heard as trainers tell them, where its user may listen. */
  listen(): void;
  /** That were heard of the trial with that UID. */
  epochsOf(trial: string): readonly EpochMetrics[];
  close(): Promise<void>;
}

/** How long a command waits for NATS. */
const DEADLINE_MS = 10_000;
/** Reports that are listened to in a second at most. */
const LIVE_RATE = 2_000;
/** Of the wish to listen, where NATS is away. */
const RETRY = { initialMs: 500, maxMs: 10_000 };

export function clusterNats(
  at: NatsPlace,
  signal: AbortSignal,
  deadlineMs = DEADLINE_MS,
): ClusterNats {
  const shared = { clock: systemClock, logger: silentLogger };
  const left = new AbortController();
  const until = AbortSignal.any([signal, left.signal]);
  const options = { ...natsAt(at), name: 'bionas', deadlineMs, ...shared };
  const link = oneLink(() => connectNats(options, until));
  const heard = new HeardEpochs();
  let listening: Promise<void> | undefined;
  return {
    listen() {
      listening ??= hear(link.get, heard, until);
    },
    epochsOf: (trial) => heard.of(trial),
    async *recordsFrom(search, place) {
      const ledger = new NatsLedger({ link: await link.get(), newToken: randomUUID, ...shared });
      for await (const { sequence, record } of ledger.read(search, place)) {
        const known = recordSchema(record).parse(record);
        if (isTrialRecord(known)) yield { record: known, place: sequence };
      }
    },
    async object(kept, signal) {
      // With it comes what trains: other commands start without.
      const { getObject } = await import('../../trainer/nats/index.ts');
      return getObject((await link.get()).connection, kept, { signal });
    },
    async close() {
      left.abort();
      await listening;
      await link.close();
    },
  };
}

/** One for all who ask, from the first one on. Where none came about it is tried anew for whoever asks next. */
function oneLink(connect: () => Promise<NatsLink>) {
  let link: Promise<NatsLink> | undefined;
  const get = (): Promise<NatsLink> => {
    link ??= connect().catch((error: unknown) => {
      link = undefined;
      throw error;
    });
    return link;
  };
  return { get, close: async () => (await link?.catch(() => undefined))?.close() };
}

/** Until the signal aborts. Where NATS cannot be reached the ledger's reader says so. */
async function hear(
  linked: () => Promise<NatsLink>,
  heard: HeardEpochs,
  signal: AbortSignal,
): Promise<void> {
  const offer = (said: { readonly data: unknown }) => {
    heard.take(said.data);
    return true;
  };
  const shared = { liveRate: LIVE_RATE, clock: systemClock, logger: silentLogger };
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const options = { link: await linked(), metrics: noMetrics, ...shared };
      await new LiveReports('bionas.>', offer, options).run(signal);
    } catch {
      await systemClock.sleep(backoffMs(RETRY, failures), signal).catch(() => undefined);
    }
  }
}

const KEPT = /^nats:\/\/(?<bucket>[\w-]+)\/(?<trial>[\w-]+)\/(?<file>[\w.-]+)$/;
const READING = '--nats URL (or $NATS_URL) reads it from there';

/** Why a file of the search cannot be had; undefined where it may be. */
export function outOfReach(
  nats: ClusterNats | undefined,
  left: LeftFile,
  search: BioNASSearch,
): string | undefined {
  const { trial, file, place } = left;
  if (place !== undefined && isOnS3(place)) return foreignOnS3(left, search);
  const kept = KEPT.exec(place ?? '')?.groups;
  if (place !== undefined && kept === undefined)
    return `${trial}: its ${file} is ${place} of its Pod, out of reach from here: copy it from the Pod's volume, or let trainers keep their files on NATS or S3 (spec.checkpoints.place)`;
  // Whoever reads for others has rights that these may not have.
  const own = bucketOf(search.metadata.uid ?? '');
  if (kept !== undefined && kept['bucket'] !== own) return foreign(left, `nats://${own}/`);
  if (nats !== undefined) return undefined;
  return place === undefined
    ? `${trial}: expected its object, to know where its ${file} is, found none: the ledger knows; ${READING}`
    : `${trial}: its ${file} is kept on the cluster's NATS; ${READING}`;
}

export interface KeptOf extends ReadingOfS3 {
  readonly search: BioNASSearch;
}

/** undefined where none was left. @throws PlaceError */
export async function keptFile(
  nats: ClusterNats | undefined,
  left: LeftFile,
  { search, env, signal }: KeptOf,
): Promise<Uint8Array | undefined> {
  const { place } = left;
  const why = outOfReach(nats, left, search);
  if (why !== undefined) throw new PlaceError(why);
  if (place !== undefined && isOnS3(place)) return s3File(place, { env, signal });
  const { bucket = '', trial = '', file = '' } = KEPT.exec(place ?? '')?.groups ?? {};
  return bucket === '' ? undefined : nats?.object({ bucket, trial, file }, signal);
}
