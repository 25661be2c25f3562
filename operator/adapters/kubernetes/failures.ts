// What an API server refuses, as errors: those of the runtime where controllers tell them apart, own ones for the rest.
import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  GoneError,
  InvalidError,
  NotFoundError,
} from '../../runtime/index.ts';

/** 401: the server does not know who asks. */
export class UnauthorizedError extends Error {
  override readonly name = 'UnauthorizedError';
}

/** 429, or 503 with Retry-After: the server did not act and asks to come back later. */
export class ServerBusyError extends Error {
  override readonly name = 'ServerBusyError';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Any other status, 5xx as a rule. Of a write, nobody knows whether it happened. */
export class ServerFailureError extends Error {
  override readonly name = 'ServerFailureError';
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** No answer, or one that broke off. Of a write, nobody knows whether it happened. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** A stream told nothing for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** A certificate, token or exec plugin that the kubeconfig names gives nothing. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/** What came is not what an API server sends: often a proxy that speaks in its place. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** What came is larger than this client takes in. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

export interface Refusal {
  /** Method and path. */
  readonly request: string;
  readonly code: number;
  /** metav1.Status as text, or whatever a proxy or the server's mux says. */
  readonly body: string;
  readonly retryAfter?: string | undefined;
}

interface Status {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string }[] };
}

/** The error that a refusal means. */
export function failureOf(refusal: Refusal): Error {
  const { request, code } = refusal;
  const status = statusOf(refusal.body);
  const said = status?.message || excerpt(refusal.body) || `status ${code} without a message`;
  const message = `${request}: ${said}`;
  switch (code) {
    case 401:
      return new UnauthorizedError(message);
    case 403:
      return new ForbiddenError(message);
    case 404:
      return new NotFoundError(notFound(request, status));
    case 409:
      return status?.reason === 'AlreadyExists'
        ? new AlreadyExistsError(message.replace(/ already exists$/, ''))
        : new ConflictError(message);
    case 410:
      return new GoneError(message);
    case 422:
      return isAboutUid(status) ? new ConflictError(message) : new InvalidError(message);
    case 400:
    case 413:
      return new InvalidError(message);
    default:
      return isBusy(refusal)
        ? new ServerBusyError(message, retryAfterMs(refusal.retryAfter))
        : serverFailure(message, code);
  }
}

function statusOf(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isStatus = typeof value === 'object' && value !== null && 'message' in value;
    return isStatus ? (value as Status) : undefined;
  } catch {
    return undefined;
  }
}

/** The server's mux answers a kind that it does not serve in plain text; of a missing object it sends a Status. */
function notFound(request: string, status: Status | undefined): string {
  const missing = status?.message?.match(/^(.+) not found$/s)?.[1];
  return missing === undefined
    ? `${request}: this kind (is its CustomResourceDefinition installed?)`
    : `${request}: ${missing}`;
}

/** A patch that names another uid than the object's: a precondition that did not hold, which servers call invalid. */
function isAboutUid(status: Status | undefined): boolean {
  return (status?.details?.causes ?? []).some(({ field }) => field === 'metadata.uid');
}

function isBusy({ code, retryAfter }: Refusal): boolean {
  return code === 429 || (code === 503 && retryAfter !== undefined);
}

/** Seconds, as API servers send them; a second where there are none. */
function retryAfterMs(retryAfter: string | undefined): number {
  const seconds = Number(retryAfter ?? 1);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 1000;
}

function serverFailure(message: string, code: number): Error {
  // etcd's own limit comes as an internal error; repeating cannot help.
  if (/request is too large|larger than max/.test(message)) return new InvalidError(message);
  return new ServerFailureError(message, code);
}

/** The beginning of a text, on one line. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
