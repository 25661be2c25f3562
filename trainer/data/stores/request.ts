// One request over HTTP, tried again where that may help: bounded in time, its answer held to the length that was promised.
import { setTimeout as pause } from 'node:timers/promises';
import { type ByteRange, type Patience, StoreError, type StoreFault } from './store.ts';

/** Bytes a millisecond that an upload has at least. */
const SLOWEST = 50;

const PATIENCE: Patience = { idle: 20_000, tries: 5, pause: 250 };

export interface Requested {
  /** For messages. */
  readonly where: string;
  /** Called for each try: signatures carry the time. */
  readonly make: () => Request | Promise<Request>;
  /** Which bytes the answer must hold; default: all. */
  readonly range?: ByteRange | undefined;
  /** Bytes that it sends: nothing is heard while they go. */
  readonly sends?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What a refusal's body says of its reason, such as S3's codes. */
  readonly explain?: (body: string) => string;
}

export interface Answer {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What may pass by itself. */
class Passing extends Error {}

/** The whole answer. Throws StoreError, or the signal's reason. */
export async function request(what: Requested, patience: Partial<Patience> = {}): Promise<Answer> {
  const { idle, tries, pause: first } = { ...PATIENCE, ...patience };
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(what, idle + (what.sends ?? 0) / SLOWEST);
    } catch (cause) {
      what.signal?.throwIfAborted();
      if (cause instanceof StoreError) throw cause;
      if (attempt >= tries) throw givenUp(what.where, tries, cause);
    }
    const wait = first * 2 ** (attempt - 1);
    await pause(wait, undefined, what.signal ? { signal: what.signal } : {});
  }
}

function givenUp(where: string, tries: number, cause: unknown): StoreError {
  const times = tries === 1 ? 'once' : `${tries} times`;
  return new StoreError(where, {
    fault: 'unreachable',
    got: `${reasonOf(cause)}, ${times}`,
    cause,
  });
}

async function tryOnce(what: Requested, idle: number): Promise<Answer> {
  const watchdog = startWatchdog(idle);
  const signal = AbortSignal.any([watchdog.signal, ...(what.signal ? [what.signal] : [])]);
  try {
    const made = await what.make();
    const response = await fetch(made, { signal });
    watchdog.heard();
    if (!response.ok) throw await refusal(what, response);
    if (what.range !== undefined) checkRange(what.where, what.range, response);
    const body = made.method === 'HEAD' ? new Uint8Array() : await bodyOf(response, what, watchdog);
    return { headers: response.headers, body };
  } catch (cause) {
    throw watchdog.signal.aborted ? watchdog.signal.reason : cause;
  } finally {
    watchdog.stop();
  }
}

/** The answer in one piece of memory, of the length that its headers say. */
async function bodyOf(
  response: Response,
  { range }: Requested,
  watchdog: { heard(): void },
): Promise<Uint8Array> {
  const said = Number(response.headers.get('content-length') ?? Number.NaN);
  const expected = range ? range.to - range.from : said;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    watchdog.heard();
    pieces.push(piece);
    length += piece.length;
    if (length > expected) break;
  }
  if (!Number.isNaN(expected) && length !== expected)
    throw new Passing(`expected ${expected} bytes, got ${length > expected ? 'more' : length}`);
  const [whole] = pieces;
  return pieces.length === 1 && whole ? whole : new Uint8Array(Buffer.concat(pieces, length));
}

function checkRange(where: string, { from, to }: ByteRange, { status, headers }: Response): void {
  if (status !== 206)
    throw new StoreError(where, {
      fault: 'unable',
      got: `expected bytes ${from} to ${to} alone (status 206), got the whole file (status ${status}): the server takes no range requests`,
    });
  const got = headers.get('content-range') ?? 'no content-range';
  if (got.startsWith(`bytes ${from}-${to - 1}/`)) return;
  const end = /^bytes \d+-\d+\/(\d+)$/.exec(got)?.[1];
  const isShort = end !== undefined && Number(end) < to;
  throw new StoreError(where, {
    fault: isShort ? 'short' : 'unable',
    got: isShort
      ? `expected bytes ${from} to ${to}, got the end of the file after ${end}`
      : `expected bytes ${from} to ${to}, got "${got}"`,
  });
}

const FAULTS: Readonly<Record<number, StoreFault>> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'missing',
  410: 'missing',
  416: 'short',
};

/** Answers that the next try may change. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

async function refusal({ where, explain, range }: Requested, response: Response): Promise<Error> {
  const body = await response.text().catch(() => '');
  const detail = explain?.(body);
  const said = [`answered ${response.status} ${response.statusText}`.trim(), detail]
    .filter(Boolean)
    .join(': ');
  if (PASSING.has(response.status)) return new Passing(said);
  const asked =
    response.status === 416 && range ? `, asked for bytes ${range.from} to ${range.to}` : '';
  return new StoreError(where, {
    fault: FAULTS[response.status] ?? 'unable',
    got: `${said}${asked}`,
  });
}

/** Aborts when nothing is heard for so long. */
function startWatchdog(idle: number) {
  const controller = new AbortController();
  const bark = () => controller.abort(new Passing(`no answer within ${idle / 1000} s`));
  const timer = setTimeout(bark, idle);
  return {
    signal: controller.signal,
    heard: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}

/** fetch hides the reason (ENOTFOUND, ECONNREFUSED, a connection that broke) one level down. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof TypeError && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  const code = 'code' in inner ? String(inner.code) : '';
  return inner.message || code;
}
