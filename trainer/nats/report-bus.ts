// Reports over NATS. What is live goes by and may be lost; a result or failure is kept by a stream, and sent again under the
// same id until the stream has it, through any outage of up to an hour.
import { readFileSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Report } from '../../crds/index.ts';
import type { ReportBus } from '../reporting/index.ts';

export interface NatsBusOptions {
  readonly url: string;
  readonly credsFile?: string | undefined;
  /** bionas.<namespace>.<search>.<trial uid>; the kind follows. */
  readonly subject: string;
  readonly log: (line: string) => void;
  /** Gives up waiting: the trainer is asked to end, and answers again at its next attempt. */
  readonly signal: AbortSignal;
  /** Patience with an outage; an hour by default. */
  readonly patienceMs?: number | undefined;
}

/** The stream did not acknowledge a result in time. */
export class ReportNotTakenError extends Error {
  override readonly name = 'ReportNotTakenError';
}

const HOUR_MS = 3_600_000;
const ANSWER_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Connects in the background: training does not wait for the broker. */
export function natsBus(options: NatsBusOptions): ReportBus {
  const connection = connect({
    servers: options.url.split(','),
    ...(options.credsFile === undefined
      ? {}
      : { authenticator: credsAuthenticator(readFileSync(options.credsFile)) }),
    name: `bionas-trainer ${options.subject}`,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 1_000,
  });
  connection.catch((error: unknown) => options.log(`NATS cannot be reached: ${error}`));
  return {
    send: async (report) =>
      isDecisive(report)
        ? deliver(report, connection, options)
        : (await connection).publish(subjectOf(report, options), JSON.stringify(report)),
  };
}

const isDecisive = ({ body }: Report): boolean => body.kind === 'result' || body.kind === 'failure';

const subjectOf = ({ body }: Report, { subject }: NatsBusOptions): string =>
  `${subject}.${body.kind}`;

/** @throws ReportNotTakenError */
async function deliver(
  report: Report,
  connection: Promise<NatsConnection>,
  options: NatsBusOptions,
): Promise<void> {
  const { trial, attempt, sequence } = report;
  const msgID = `${trial}/${attempt}/${sequence}`;
  const { signal, log, patienceMs = HOUR_MS } = options;
  const deadline = performance.now() + patienceMs;
  let last: unknown;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      const to = jetstream(await unless(signal, connection));
      const sent = to.publish(subjectOf(report, options), JSON.stringify(report), {
        msgID,
        timeout: ANSWER_MS,
      });
      await unless(signal, sent);
      return;
    } catch (error) {
      last = error;
    }
    if (signal.aborted || performance.now() + pauseMs > deadline) break;
    log(`report ${msgID} was not taken, trying again in ${pauseMs} ms: ${last}`);
    await pause(pauseMs, signal);
  }
  throw new ReportNotTakenError(`report ${msgID} was not taken by ${options.url}`, { cause: last });
}

/** Settles as `work` does, or rejects when the signal aborts. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const given = Promise.withResolvers<never>();
  const give = () => given.reject(signal.reason);
  signal.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener('abort', give);
    work.catch(() => {});
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
