// Answers nats-server's auth callout on every replica of the operator, as one of a queue group: whichever lives lets trainers
// in. So many questions at once, each with a deadline; what is refused is counted by its reason and said, without secrets.
import type { Msg } from '@nats-io/transport-node';
import {
  aborted,
  backoffMs,
  type Clock,
  type Logger,
  type Metrics,
  type Runnable,
  withinDeadline,
} from '../../../runtime/index.ts';
import type { NatsLink } from '../link.ts';
import { prepareBucket, type StreamSettings } from '../streams.ts';
import {
  type CalloutKeyPairs,
  granting,
  MalformedRequestError,
  type Question,
  readQuestion,
  refusing,
} from './messages.ts';
import { permissionsOf, type TrialPlace } from './permissions.ts';

/** Why somebody is not let in, for counting. */
export const REFUSALS = [
  'no-token',
  'token',
  'no-pod',
  'pod-unknown',
  'pod-ended',
  'no-trial',
  'other-pod',
  'trial-ended',
  'no-search',
  'busy',
  'late',
  'unavailable',
  'malformed',
] as const;

/** Who connects, or why nobody may. */
export type Verdict =
  | { readonly trainer: TrialPlace; readonly name: string }
  | { readonly refused: (typeof REFUSALS)[number]; readonly why: string };

export interface AuthCalloutOptions {
  readonly link: NatsLink;
  readonly keys: CalloutKeyPairs;
  /** Account that trainers come into. */
  readonly account: string;
  /** After this the server ends the connection, and its client presents itself anew. */
  readonly ttlMs: number;
  /** Resolves once enough is known to judge. */
  readonly ready: () => Promise<unknown>;
  /** Never rejects for what the client has done; what it throws refuses for now. */
  readonly judge: (token: string) => Promise<Verdict>;
  readonly settings?: StreamSettings | undefined;
  /** Questions at once; 64 by default. Those beyond are refused, and their clients come again. */
  readonly limit?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const SUBJECT = '$SYS.REQ.USER.AUTH';
const QUEUE = 'bionas-operator';
const SERVER_XKEY = 'Nats-Server-Xkey';
const RETRY = { initialMs: 100, maxMs: 5_000 };
const SAY_EVERY_MS = 1_000;
/** NATS waits for so long, as serverConfiguration sets it up. */
const ANSWER_MS = 5_000;
/** Of that, for the bucket; and how long one that is there needs no other look. */
const BUCKET_MS = 1_000;
const PREPARED_MS = 60_000;

export class AuthCallout implements Runnable {
  readonly name = 'nats auth callout';
  readonly #options: AuthCalloutOptions;
  #inFlight = 0;
  /** Refused since the last line about it, and when that was (monotonic ms). */
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  /** When a search's bucket was last seen to be there (monotonic ms). */
  readonly #preparedAt = new Map<string, number>();

  constructor(options: AuthCalloutOptions) {
    this.#options = options;
  }

  /** On a connection of its own, so that trainers come in while reports flood. */
  async run(signal: AbortSignal): Promise<void> {
    const { link, ready, clock, logger } = this.#options;
    await Promise.race([ready(), aborted(signal)]);
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const own = await link.another('auth');
        const { connection } = own;
        const callback = (error: Error | null, message: Msg): void => {
          if (error !== null) logger.error('Trainers are not let in', { error });
          else this.#answer(message).catch((cause) => logger.error('No answer', { error: cause }));
        };
        connection.subscribe(SUBJECT, { queue: QUEUE, callback });
        await connection.flush();
        logger.info('Trainers are let in');
        await Promise.race([connection.closed(), aborted(signal)]).finally(() => own.close());
      } catch (error) {
        logger.error('Trainers are not let in', { error });
      }
      await clock.sleep(backoffMs(RETRY, failures), signal).catch(() => {});
    }
  }

  async #answer(message: Msg): Promise<void> {
    const { keys, metrics, clock } = this.#options;
    const began = clock.monotonic();
    const serverXkey = message.headers?.get(SERVER_XKEY) || undefined;
    let question: Question;
    try {
      question = readQuestion(message.data, serverXkey, keys);
    } catch (error) {
      if (!(error instanceof MalformedRequestError)) throw error;
      this.#refused({ refused: 'malformed', why: error.message }, '');
      return;
    }
    const verdict = await this.#judge(question);
    if ('trainer' in verdict) await this.#prepare(verdict.trainer);
    if (clock.monotonic() - began > ANSWER_MS) {
      this.#refused(
        { refused: 'late', why: 'nobody waits for the answer any more' },
        question.host,
      );
      return;
    }
    if ('refused' in verdict) {
      this.#refused(verdict, question.host);
      message.respond(await refusing(question, verdict.why, keys));
    } else {
      message.respond(await this.#grant(question, verdict));
      metrics.count('nats_auth_granted_total');
    }
    metrics.observe('nats_auth_seconds', (clock.monotonic() - began) / 1000);
  }

  async #judge({ token }: Question): Promise<Verdict> {
    const { judge, limit = 64 } = this.#options;
    if (this.#inFlight >= limit)
      return { refused: 'busy', why: `${limit} others are asking: try again` };
    this.#inFlight += 1;
    try {
      return await judge(token);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { refused: 'unavailable', why: `who this is cannot be found out now: ${why}` };
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Trainers cannot make a bucket. One whose files find no place trains all the same, and is not kept waiting for it. */
  async #prepare({ search, searchUid }: TrialPlace): Promise<void> {
    const { link, settings, clock, logger } = this.#options;
    const now = clock.monotonic();
    if (now - (this.#preparedAt.get(searchUid) ?? Number.NEGATIVE_INFINITY) < PREPARED_MS) return;
    const wait = { clock, ms: BUCKET_MS, reason: 'a bucket for the files of trials' };
    try {
      await withinDeadline(wait, prepareBucket(link.connection, searchUid, settings));
      for (const [uid, at] of this.#preparedAt)
        if (now - at >= PREPARED_MS) this.#preparedAt.delete(uid);
      this.#preparedAt.set(searchUid, now);
    } catch (error) {
      logger.error('No bucket for the files of trials', { search, error });
    }
  }

  async #grant(
    question: Question,
    { trainer, name }: Extract<Verdict, { trainer: unknown }>,
  ): Promise<Uint8Array> {
    const { account, ttlMs, clock, keys } = this.#options;
    const permissions = permissionsOf(trainer);
    const expiresMs = clock.now() + ttlMs;
    return granting(question, { name, permissions, account, expiresMs }, keys);
  }

  /** A flood of strangers is a line a second. */
  #refused({ refused, why }: Extract<Verdict, { refused: unknown }>, host: string): void {
    const { logger, metrics, clock } = this.#options;
    metrics.count('nats_auth_refused_total', { reason: refused });
    this.#unsaid += 1;
    if (clock.monotonic() - this.#saidAt < SAY_EVERY_MS) return;
    logger.error('Refused to let in', { count: this.#unsaid, reason: refused, why, host });
    this.#unsaid = 0;
    this.#saidAt = clock.monotonic();
  }
}
