// Checkpoint and artifacts in NATS' object store: a bucket a search, `<trial uid>/<file>` in it. A new version counts once all
// of it is there. One file at a time goes up, beside the training.
import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { bucketSettings, type KeptFile, objectName } from '../../crds/index.ts';
import { type Keeper, writeAtomically } from '../training/index.ts';
import { getObject, putObject } from './object-store.ts';
import type { Effort, Persistence } from './persistence.ts';

export interface ObjectKeeperOptions {
  readonly persistence: Persistence;
  readonly bucket: string;
  /** UID of the trial. */
  readonly trial: string;
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
const KEEP: Effort = { tries: 3 };
const OFFER: Effort = { tries: 1, patienceMs: 2_000 };
const FIRST_LOOK: Effort = { tries: 1, patienceMs: 2_000 };

export class ObjectKeeper implements Keeper {
  readonly #options: ObjectKeeperOptions;
  /** By name, what was kept last: the same file is not sent twice. */
  readonly #kept = new Map<string, string>();
  readonly #offered = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ObjectKeeperOptions) {
    this.#options = options;
  }

  async restore(path: string): Promise<void> {
    const { persistence, attempt, log, signal } = this.#options;
    if (await exists(path)) return;
    const kept = this.#keptAt(path);
    const name = objectName(kept);
    const effort = attempt === 0 ? FIRST_LOOK : KEEP;
    try {
      const fetch = async (connection: NatsConnection) => {
        await this.#ensureBucket(connection);
        return getObject(connection, kept);
      };
      const bytes = await persistence.until(`restoring ${name}`, fetch, effort);
      if (bytes === undefined) return;
      await writeAtomically(path, bytes);
      log(`${name} is back from an earlier attempt, ${bytes.length} bytes`);
    } catch (error) {
      if (signal.aborted) throw error;
      log(`going on without what an earlier attempt may have kept: ${error}`);
    }
  }

  offer(path: string): void {
    if (this.#offered.has(path)) return;
    this.#offered.add(path);
    const keep = async () => {
      this.#offered.delete(path);
      await this.#persist(path, OFFER);
    };
    this.#inTurn(keep).catch((error: unknown) => this.#options.log(`not kept: ${error}`));
  }

  async keep(path: string): Promise<string | undefined> {
    try {
      await this.#inTurn(() => this.#persist(path, KEEP));
      return `nats://${this.#options.bucket}/${objectName(this.#keptAt(path))}`;
    } catch (error) {
      this.#options.log(`not kept: ${error}`);
      return undefined;
    }
  }

  #keptAt(path: string): KeptFile {
    const { bucket, trial } = this.#options;
    return { bucket, trial, file: basename(path) };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => {});
    return next;
  }

  async #persist(path: string, effort: Effort): Promise<void> {
    const name = objectName(this.#keptAt(path));
    const { ino, mtimeMs, size } = await stat(path);
    const version = `${ino} ${mtimeMs} ${size}`;
    if (this.#kept.get(name) === version) return;
    const put = (connection: NatsConnection) => this.#put(connection, path);
    await this.#options.persistence.until(`keeping ${name}`, put, effort);
    this.#kept.set(name, version);
  }

  async #put(connection: NatsConnection, path: string): Promise<void> {
    await this.#ensureBucket(connection);
    const file = createReadStream(path);
    try {
      await putObject(connection, this.#keptAt(path), file);
    } finally {
      file.destroy();
    }
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

const isMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
