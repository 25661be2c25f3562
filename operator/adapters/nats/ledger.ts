// The history of searches in a stream: a subject a search, a message a record. A record goes in directly behind the one that is
// known as the last, or not at all, so that order and content are always those that the operator knows.
import { type Consumer, jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Ledger, LedgerEntry } from '../../reconcilers/index.ts';
import { backoffMs, type Clock, type Logger, underDeadline } from '../../runtime/index.ts';
import { isElsewhere, isMissingStream, isNobodyThere, unlessMissing } from './answers.ts';
import { LedgerUnavailableError, MalformedRecordError } from './errors.ts';
import type { NatsLink } from './link.ts';
import { LEDGER, managerOf, prepareLedger, type StreamSettings } from './streams.ts';
import { RECORDS, recordsOf, searchOfRecords } from './subjects.ts';

export interface NatsLedgerOptions {
  readonly link: NatsLink;
  readonly settings?: StreamSettings | undefined;
  /** Of an append, and of each pause in reading; 10 s by default. */
  readonly deadlineMs?: number | undefined;
  /** A text that no other append has, such as a UUID. */
  readonly newToken: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A message of the ledger. */
export interface LedgerMessage {
  /** Its place in the stream. */
  readonly sequence: number;
  /** As it was written. */
  readonly text: string;
}

const DEADLINE_MS = 10_000;
const ATTEMPT_MS = 2_000;
const RETRY = { initialMs: 20, maxMs: 1_000 };
/** Tells one append from another whose record is the same. */
const TOKEN = 'Bionas-Append';
/** Messages asked for ahead of the reader. */
const AHEAD = 2_000;
/** A reader that died leaves its consumer for this long. */
const FORGOTTEN_MS = 60_000;
const UTF8 = new TextDecoder();

export class NatsLedger implements Ledger {
  readonly #options: NatsLedgerOptions;
  readonly #deadlineMs: number;

  constructor(options: NatsLedgerOptions) {
    this.#options = options;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  /** @throws LedgerUnavailableError */
  append(search: string, record: unknown, after: number): Promise<number | undefined> {
    const subject = recordsOf(search);
    const data = JSON.stringify(record ?? null);
    const token = this.#options.newToken();
    return this.#trying(`append to ${subject}`, () =>
      this.#publish(subject, data, { after, token }),
    );
  }

  /** What stands behind `after`, by default all. @throws LedgerUnavailableError | MalformedRecordError */
  async *read(search: string, after = 0): AsyncGenerator<LedgerEntry> {
    for await (const { sequence, text } of this.messages(search, after)) {
      try {
        yield { sequence, record: JSON.parse(text) };
      } catch (cause) {
        throw new MalformedRecordError(
          `${LEDGER} message ${sequence} (${recordsOf(search)}): expected JSON, found ${JSON.stringify(text.slice(0, 60))}; ` +
            `remove it with nats stream rmm ${LEDGER} ${sequence}: that trial is run again`,
          { cause },
        );
      }
    }
  }

  /** All that is there of a search by now behind `after`, in the order of appending. @throws LedgerUnavailableError */
  async *messages(search: string, after = 0): AsyncGenerator<LedgerMessage> {
    const subject = recordsOf(search);
    // Asked of the stream's leader: a follower that is behind cannot hide a record.
    const last = await this.#trying(`read ${subject}`, async () => {
      const manager = await managerOf(this.#options.link.connection);
      const query = { last_by_subj: subject };
      return (await manager.streams.getMessage(LEDGER, query).catch(unlessMissing))?.seq ?? 0;
    });
    let sequence = after;
    while (sequence < last) {
      const from = sequence + 1;
      const consumer = await this.#trying(`read ${subject}`, () => this.#reader(subject, from));
      for await (const entry of this.#untilLost(consumer, last)) {
        sequence = entry.sequence;
        yield entry;
      }
    }
  }

  /** Searches that have records. */
  async searches(): Promise<string[]> {
    return this.#trying('list searches', async () => {
      const manager = await managerOf(this.#options.link.connection);
      const query = { subjects_filter: RECORDS };
      const info = await manager.streams.info(LEDGER, query).catch(unlessMissing);
      return Object.keys(info?.state.subjects ?? {}).map(searchOfRecords);
    });
  }

  /** @throws LedgerUnavailableError */
  async forget(search: string): Promise<void> {
    const filter = recordsOf(search);
    await this.#trying(`forget ${filter}`, async () => {
      const manager = await managerOf(this.#options.link.connection);
      await manager.streams.purge(LEDGER, { filter }).catch(unlessMissing);
    });
  }

  async #publish(
    subject: string,
    data: string,
    { after, token }: { readonly after: number; readonly token: string },
  ): Promise<number | undefined> {
    const { connection } = this.#options.link;
    const mark = headers();
    mark.set(TOKEN, token);
    try {
      const { seq } = await jetstream(connection).publish(subject, data, {
        expect: { lastSubjectSequence: after },
        headers: mark,
        timeout: ATTEMPT_MS,
      });
      return seq;
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      // Perhaps at an attempt of ours whose acknowledgement was lost.
      const manager = await managerOf(connection);
      const last = await manager.streams.getMessage(LEDGER, { last_by_subj: subject });
      return last?.header.get(TOKEN) === token ? last.seq : undefined;
    }
  }

  #reader(subject: string, from: number): Promise<Consumer> {
    return jetstream(this.#options.link.connection).consumers.get(LEDGER, {
      filter_subjects: subject,
      opt_start_seq: from,
      inactive_threshold: FORGOTTEN_MS,
    });
  }

  /** What a consumer gives, up to the last message or the loss of the connection. */
  async *#untilLost(consumer: Consumer, last: number): AsyncGenerator<LedgerMessage> {
    const { lost } = this.#options.link;
    const messages = await consumer.consume({ max_messages: AHEAD });
    const stop = () => messages.stop();
    if (lost.aborted) stop();
    lost.addEventListener('abort', stop);
    const reading = { sequence: 0, waits: true };
    const done = new AbortController();
    this.#watch(reading, done.signal).catch((error: Error) => messages.stop(error));
    try {
      for await (const { seq: sequence, data } of messages) {
        Object.assign(reading, { sequence, waits: false });
        yield { sequence, text: UTF8.decode(data) };
        if (sequence >= last) return;
        reading.waits = true;
      }
    } catch (cause) {
      throw unavailable('read', this.#deadlineMs, cause);
    } finally {
      lost.removeEventListener('abort', stop);
      done.abort();
      messages.stop();
      consumer.delete().catch(() => {});
    }
  }

  /** Rejects when nothing has come within the deadline; one timer for all records, of which there may be many. */
  async #watch(
    reading: { readonly sequence: number; readonly waits: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#options;
    for (let before = -1; ; before = reading.sequence) {
      await clock.sleep(this.#deadlineMs, signal).catch(() => {});
      if (signal.aborted) return;
      if (reading.waits && reading.sequence === before)
        throw new Error(`nothing came after message ${before}`);
    }
  }

  /** Again and again until the deadline; a stream that is gone is made anew. */
  async #trying<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const { clock, link } = this.#options;
    const ms = this.#deadlineMs;
    let last: unknown;
    const work = async (signal: AbortSignal): Promise<T> => {
      for (let failures = 0; ; failures += 1) {
        await link.up(signal);
        signal.throwIfAborted();
        try {
          return await link.whileUp(attempt());
        } catch (error) {
          last = error;
          await this.#mend(error);
          await clock.sleep(backoffMs(RETRY, failures), signal);
        }
      }
    };
    try {
      return await underDeadline({ clock, ms, reason: what }, NEVER, work);
    } catch (error) {
      throw unavailable(what, ms, last ?? error);
    }
  }

  async #mend(error: unknown): Promise<void> {
    if (!isNobodyThere(error) && !isMissingStream(error)) return;
    const { link, settings = {}, logger } = this.#options;
    await link
      .whileUp(prepareLedger(link.connection, settings))
      .catch((failure: unknown) =>
        logger.error('The ledger is not there and cannot be made', { error: failure }),
      );
  }
}

const NEVER = new AbortController().signal;

const unavailable = (what: string, ms: number, cause: unknown): LedgerUnavailableError => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LedgerUnavailableError(
    `could not ${what} in ${LEDGER} within ${ms} ms: ${reason}; it is tried again`,
    { cause },
  );
};
