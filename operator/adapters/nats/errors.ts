// What can be wrong with NATS, in words for whoever runs it.

/** A URL that no client can use. */
export class InvalidNatsUrlError extends Error {
  override readonly name = 'InvalidNatsUrlError';
}

/** Nobody answered in time. */
export class NatsUnreachableError extends Error {
  override readonly name = 'NatsUnreachableError';
}

/** A stream that is there with settings that cannot be made the wanted ones. */
export class StreamSettingsError extends Error {
  override readonly name = 'StreamSettingsError';
}

/** A record that could not be written or read within its deadline. Trying again does no harm. */
export class LedgerUnavailableError extends Error {
  override readonly name = 'LedgerUnavailableError';
}

/** A message in the ledger that is no record. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

/** UIDs and names become tokens of subjects. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** The connection was ended for good. */
export class NatsClosedError extends Error {
  override readonly name = 'NatsClosedError';
}

/** The connection is down for now. */
export class NatsLostError extends Error {
  override readonly name = 'NatsLostError';
}
