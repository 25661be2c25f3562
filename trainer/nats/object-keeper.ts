// Checkpoint and artifacts in NATS' object store: a bucket a search, `<trial uid>/<file>` in it. A new version takes the place
// of the old one whole, and its chunks are removed. One file at a time goes up, beside the training.
import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { type ObjectResult, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Keeper, writeAtomically } from '../training/index.ts';
import type { Effort, Persistence } from './persistence.ts';

export interface ObjectKeeperOptions {
  readonly persistence: Persistence;
  readonly bucket: string;
  /** UID of the trial. */
  readonly trial: string;
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
const STALL_MS = 5_000;

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
    const name = this.#nameOf(path);
    const effort = attempt === 0 ? FIRST_LOOK : KEEP;
    try {
      const fetch = (connection: NatsConnection) => this.#fetch(connection, name);
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
      return `nats://${this.#options.bucket}/${this.#nameOf(path)}`;
    } catch (error) {
      this.#options.log(`not kept: ${error}`);
      return undefined;
    }
  }

  #nameOf(path: string): string {
    return `${this.#options.trial}/${basename(path)}`;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => {});
    return next;
  }

  async #persist(path: string, effort: Effort): Promise<void> {
    const name = this.#nameOf(path);
    const { ino, mtimeMs, size } = await stat(path);
    const version = `${ino} ${mtimeMs} ${size}`;
    if (this.#kept.get(name) === version) return;
    const put = (connection: NatsConnection) => this.#put(connection, path);
    await this.#options.persistence.until(`keeping ${name}`, put, effort);
    this.#kept.set(name, version);
  }

  async #put(connection: NatsConnection, path: string): Promise<void> {
    const { bucket, signal } = this.#options;
    const manager = new Objm(connection);
    // The bucket of a search that is being deleted may be gone: who is about to end does not make it anew.
    const store = await (signal.aborted ? manager.open(bucket) : manager.create(bucket));
    const file = createReadStream(path);
    try {
      const bytes = Readable.toWeb(file) as ReadableStream<Uint8Array>;
      await store.put({ name: this.#nameOf(path) }, bytes);
    } finally {
      file.destroy();
    }
  }

  async #fetch(connection: NatsConnection, name: string): Promise<Uint8Array | undefined> {
    const store = await new Objm(connection).open(this.#options.bucket, false);
    const object = await store.get(name).catch(unlessMissing);
    return object ? bytesOf(object, name) : undefined;
  }
}

/** The library checks their hash. Chunks that are removed on the way, for a newer version, never come: see STALL_MS. */
async function bytesOf({ data, error }: ObjectResult, name: string): Promise<Uint8Array> {
  error.catch(() => {});
  const reader = data.getReader();
  const chunks: Uint8Array[] = [];
  try {
    for (;;) {
      const { done, value } = await within(STALL_MS, name, reader.read());
      if (done) return Buffer.concat(chunks);
      chunks.push(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function within<T>(ms: number, name: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = delay(ms, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${name} stopped coming for ${ms} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/** For `catch`: a bucket that is not there holds nothing. */
function unlessMissing(error: unknown): undefined {
  const isMissing =
    error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
  if (!isMissing) throw error;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
