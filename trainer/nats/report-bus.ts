// Reports over NATS. What is live goes by and may be lost; a result or failure is kept by a stream, and sent again under the
// same id until the stream has it.
import { jetstream } from '@nats-io/jetstream';
import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import type { Report } from '../../crds/index.ts';
import type { ReportBus } from '../reporting/index.ts';
import type { Persistence } from './persistence.ts';

export interface NatsBusOptions {
  readonly connection: Promise<NatsConnection>;
  readonly persistence: Persistence;
  /** bionas.<namespace>.<search>.<trial uid>; the kind follows. */
  readonly subject: string;
  /** Which of the trial's workers: each numbers its reports by itself. */
  readonly rank?: number | undefined;
  /** W3C Trace Context of the part of the trial that reports. */
  readonly traceparent?: (() => string | undefined) | undefined;
}

/** A live report that nobody can be told now. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}

const ANSWER_MS = 5_000;
/** For an answer under way when the trainer is asked to end. */
const LAST_MS = 2_000;

export function natsBus({
  connection,
  persistence,
  subject,
  rank = 0,
  traceparent,
}: NatsBusOptions): ReportBus {
  let ready: NatsConnection | undefined;
  connection.then(
    (now) => (ready = now),
    () => {},
  );
  return {
    send: async (report) => {
      const to = `${subject}.${report.body.kind}`;
      const text = JSON.stringify(report);
      if (!isDecisive(report)) {
        if (ready === undefined) throw new NotConnectedError('NATS was not there yet');
        ready.publish(to, text);
        return;
      }
      const sender = rank === 0 ? report.trial : `${report.trial}/w${rank}`;
      const msgID = `${sender}/${report.attempt}/${report.sequence}`;
      const about = headersOf(traceparent?.());
      const publish = (now: NatsConnection) =>
        jetstream(now).publish(to, text, { msgID, timeout: ANSWER_MS, ...about });
      await persistence.until(`report ${msgID}`, publish, { lastMs: LAST_MS });
    },
  };
}

function headersOf(traceparent: string | undefined): { readonly headers?: MsgHdrs } {
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return {};
  const written = headers();
  written.set('traceparent', traceparent);
  return { headers: written };
}

/** What is no line of its own is safe as a header, whoever set the variable. */
const TRACEPARENT = /^[\da-f-]{1,64}$/;

const isDecisive = ({ body }: Report): boolean => body.kind === 'result' || body.kind === 'failure';
