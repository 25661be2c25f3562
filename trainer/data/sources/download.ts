// One file over HTTP: bounded in time (connect, idle) and size, checked while it arrives.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Checksum } from './checksum.ts';
import type { FetchContext } from './source.ts';
import { SourceError } from './source-error.ts';

const LARGEST_FILE = 2 ** 30;

export interface Download {
  readonly address: string;
  /** Written as it arrives; the caller moves it only after success. */
  readonly target: string;
  readonly checksum: Checksum;
  /** Names the source in progress reports. */
  readonly source: string;
}

/** Throws SourceError, or the signal's reason. */
export async function download(what: Download, context: FetchContext): Promise<void> {
  const watchdog = startWatchdog();
  const signal = AbortSignal.any([context.signal, watchdog.signal]);
  try {
    watchdog.expect('an answer', context.patience.connect);
    const response = await fetch(what.address, {
      signal,
      // A server may otherwise unpack .gz files on the way, and their checksums would differ.
      headers: { 'accept-encoding': 'identity' },
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new SourceError(`answered ${response.status} ${response.statusText}`.trim());
    }
    const total = Number(response.headers.get('content-length')) || undefined;
    watchdog.expect('more of the file', context.patience.idle);
    const pieces = heard(response.body, () =>
      watchdog.expect('more of the file', context.patience.idle),
    );
    await receive(pieces, what, (received) =>
      context.onProgress({
        kind: 'receiving',
        source: what.source,
        file: basename(what.target),
        received,
        ...(total === undefined ? {} : { total }),
      }),
    );
  } catch (cause) {
    context.signal.throwIfAborted();
    throw explained(
      basename(what.target),
      watchdog.signal.aborted ? watchdog.signal.reason : cause,
    );
  } finally {
    watchdog.stop();
  }
}

async function* heard(body: AsyncIterable<Uint8Array>, onPiece: () => void) {
  for await (const piece of body) {
    onPiece();
    yield piece;
  }
}

async function receive(
  pieces: AsyncIterable<Uint8Array>,
  what: Download,
  onReceived: (bytes: number) => void,
): Promise<void> {
  const hash = createHash(what.checksum.algorithm);
  const file = await open(what.target, 'w');
  try {
    let received = 0;
    for await (const piece of pieces) {
      received += piece.length;
      if (received > LARGEST_FILE) throw new SourceError(`sent more than ${LARGEST_FILE} bytes`);
      hash.update(piece);
      await file.writeFile(piece);
      onReceived(received);
    }
  } finally {
    await file.close();
  }
  const got = hash.digest('hex');
  if (got !== what.checksum.value) {
    const { algorithm, value } = what.checksum;
    throw new SourceError(`sent a file with ${algorithm} ${got} in place of ${value}`);
  }
}

/** Aborts its signal when what is expected does not come in time; the next expectation replaces the last. */
function startWatchdog() {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    expect(what: string, within: number) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        controller.abort(new SourceError(`${what} did not come within ${within / 1000} s`));
      }, within);
    },
    stop: () => clearTimeout(timer),
  };
}

function explained(file: string, cause: unknown): SourceError {
  // fetch hides the reason (ENOTFOUND, ECONNREFUSED ...) one level down.
  const inner = cause instanceof TypeError && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  const reason = inner instanceof Error ? inner.message || code : String(inner);
  return new SourceError(`${file}: ${reason}`, { cause });
}
