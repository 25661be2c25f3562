// What JetStream's error answers mean to us.
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { RequestError } from '@nats-io/transport-node';

const has = (error: unknown, ...codes: readonly number[]): boolean =>
  error instanceof JetStreamApiError && codes.includes(error.code);

export const isMissingStream = (error: unknown): boolean =>
  has(error, JetStreamApiCodes.StreamNotFound);

/** Nobody takes the message: no stream has its subject, or none of its servers leads. */
export const isNobodyThere = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof RequestError && error.cause.isNoResponders();

/** The subject's last message is not the expected one, or is about to be another. */
export const isElsewhere = (error: unknown): boolean =>
  has(
    error,
    JetStreamApiCodes.StreamWrongLastSequence,
    JetStreamApiCodes.StreamWrongLastSequenceUnknown,
  );

const CONSUMER_EXISTS = 10148;

export const isOtherConsumer = (error: unknown): boolean => has(error, CONSUMER_EXISTS);

/** For `catch`: a stream that is not there is `undefined`. */
export function unlessMissing(error: unknown): undefined {
  if (!isMissingStream(error)) throw error;
}
