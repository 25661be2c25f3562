// What cannot be done, as the page is told: a status of HTTP and a sentence.
import type { Problem } from '../../dashboard/api.ts';

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 422 | 500 | 503;
  readonly problem: Problem;
}

/** What was asked for cannot be had; says what can. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: Refusal['status'];

  constructor(message: string, options: ErrorOptions & Pick<Refusal, 'status'>) {
    super(message, options);
    this.status = options.status;
  }
}

/** By the name of the error, of whichever layer it is. */
const STATUSES: Readonly<Record<string, Refusal['status']>> = {
  NoSuchSearchError: 404,
  NoSuchTrialError: 404,
  NotFoundError: 404,
  EditError: 409,
  ConflictError: 409,
  InvalidError: 422,
  EditRefusedError: 422,
  EditNotTakenError: 503,
  UnauthorizedError: 401,
  ForbiddenError: 403,
  DirectoryInUseError: 409,
  TransportError: 503,
  DeadlineExceededError: 503,
  ServerBusyError: 503,
  NatsUnreachableError: 503,
  LedgerUnavailableError: 503,
  PlaceError: 503,
  UnreadableObjectError: 422,
  DamagedLedgerError: 422,
};

/** What lies there is not what bionas writes: whoever has the files can mend it. */
export const isUnreadable = ({ name }: Error): boolean =>
  name === 'UnreadableObjectError' || name === 'DamagedLedgerError';

export function problemOf(error: unknown): Refusal {
  if (!(error instanceof Error)) return { status: 500, problem: { error: String(error) } };
  const status = error instanceof RefusedError ? error.status : STATUSES[error.name];
  return { status: status ?? 500, problem: { error: error.message } };
}
