// A shelf in NATS' object store: a bucket a search, `<trial uid>/<file>` in it. A new version counts once all of it is there.
import { createReadStream } from 'node:fs';
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { bucketSettings, type KeptFile, objectName } from '../../crds/index.ts';
import type { Putting, Shelf, Urgency } from '../keeping/index.ts';
import { DamagedFileError } from '../training/index.ts';
import { getObject, putObject, TornObjectError } from './object-store.ts';
import { type Effort, NatsGaveUpError, type Persistence } from './persistence.ts';

export interface NatsShelfOptions {
  readonly persistence: Persistence;
  readonly bucket: string;
  /** UID of the trial. */
  readonly trial: string;
  /** Versions. */
  readonly keep: number;
  /** Whether the bucket is this trainer's to make: where the operator says who may do what, it makes it. */
  readonly makesBucket: boolean;
  /** Copies of a bucket that it makes, in a cluster of servers; 1 by default. */
  readonly replicas?: number | undefined;
  /** Before this attempt nothing can have been kept where it is 0: then nobody waits long to look. */
  readonly attempt: number;
  readonly log: (line: string) => void;
  /** The trainer is asked to end. */
  readonly signal: AbortSignal;
}

/** A broker that is there and refuses is not asked for ever. */
const EFFORTS: Readonly<Record<Urgency, Effort>> = {
  now: { tries: 3 },
  background: { tries: 1, patienceMs: 2_000 },
};
const FIRST_LOOK: Effort = { tries: 1, patienceMs: 2_000 };

export class NatsShelf implements Shelf {
  readonly #options: NatsShelfOptions;

  constructor(options: NatsShelfOptions) {
    this.#options = options;
  }

  placeOf(file: string): string {
    return `nats://${this.#options.bucket}/${objectName(this.#keptAt(file))}`;
  }

  async put(file: string, path: string, { urgency, replaces }: Putting): Promise<void> {
    const name = objectName(this.#keptAt(file));
    const put = (connection: NatsConnection) => this.#put(connection, file, path, replaces);
    await this.#options.persistence.until(`keeping ${name}`, put, EFFORTS[urgency]);
  }

  /** Undefined as well where NATS cannot be asked: the trial goes on without. */
  async get(file: string, age: number): Promise<Uint8Array | undefined> {
    const { persistence, attempt, log, signal } = this.#options;
    const kept = this.#keptAt(file);
    const effort = attempt === 0 ? FIRST_LOOK : EFFORTS.now;
    try {
      const fetch = async (connection: NatsConnection) => {
        await this.#ensureBucket(connection);
        return getObject(connection, kept, { age });
      };
      return await persistence.until(`restoring ${objectName(kept)}`, fetch, effort);
    } catch (error) {
      if (signal.aborted) throw error;
      const { cause } = error instanceof NatsGaveUpError ? error : {};
      if (cause instanceof TornObjectError)
        throw new DamagedFileError(cause.message, { cause: error });
      log(`going on without what an earlier attempt may have kept: ${error}`);
      return undefined;
    }
  }

  #keptAt(file: string): KeptFile {
    const { bucket, trial } = this.#options;
    return { bucket, trial, file };
  }

  async #put(connection: NatsConnection, file: string, path: string, replaces: boolean) {
    await this.#ensureBucket(connection);
    const { keep } = this.#options;
    await putObject(connection, this.#keptAt(file), contentOf(path), { keep, replaces });
  }

  /** The bucket of a search that is being deleted may be gone: who is about to end does not make it anew. */
  async #ensureBucket(connection: NatsConnection): Promise<void> {
    const { bucket, makesBucket, replicas = 1, signal } = this.#options;
    if (!makesBucket || signal.aborted) return;
    const { streams } = await jetstreamManager(connection, { checkAPI: false });
    const settings = bucketSettings(bucket, replicas);
    await streams.info(settings.name).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await streams.add(settings);
    });
  }
}

/** Opened where it is read: a file that is gone by then fails whoever reads, and nobody else. */
async function* contentOf(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path);
}

const isMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
