// Reports over NATS. What is live goes by and may be lost; a result or failure is kept by a stream, and sent again under the
// same id until the stream has it.
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Report } from '../../crds/index.ts';
import type { ReportBus } from '../reporting/index.ts';
import type { Persistence } from './persistence.ts';

export interface NatsBusOptions {
  readonly connection: Promise<NatsConnection>;
  readonly persistence: Persistence;
  /** bionas.<namespace>.<search>.<trial uid>; the kind follows. */
  readonly subject: string;
}

/** A live report that nobody can be told now. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}

const ANSWER_MS = 5_000;
/** For an answer under way when the trainer is asked to end. */
const LAST_MS = 2_000;

export function natsBus({ connection, persistence, subject }: NatsBusOptions): ReportBus {
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
      const msgID = `${report.trial}/${report.attempt}/${report.sequence}`;
      const publish = (now: NatsConnection) =>
        jetstream(now).publish(to, text, { msgID, timeout: ANSWER_MS });
      await persistence.until(`report ${msgID}`, publish, { lastMs: LAST_MS });
    },
  };
}

const isDecisive = ({ body }: Report): boolean => body.kind === 'result' || body.kind === 'failure';
