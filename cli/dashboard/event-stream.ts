// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) of the changes of a search.
import type { Problem, SearchChange } from '../../dashboard/api.ts';
import type { Clock } from '../../operator/runtime/index.ts';

/** How long a browser waits before it comes again. */
const RETRY = 'retry: 2000\n\n';
/** So that no proxy takes the connection for dead. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': still here\n\n';

/** Texts to be sent as they come. */
export async function* eventStream(
  changes: AsyncGenerator<SearchChange | Problem>,
  { clock, heartbeatMs = HEARTBEAT_MS }: { readonly clock: Clock; readonly heartbeatMs?: number },
): AsyncGenerator<string> {
  yield RETRY;
  let next = changes.next();
  try {
    for (;;) {
      const got = await before(next, heartbeatMs, clock);
      if (got === undefined) yield HEARTBEAT;
      else if (got.done) return;
      else {
        yield eventOf(got.value);
        next = changes.next();
      }
    }
  } finally {
    next.catch(() => undefined);
    await changes.return(undefined);
  }
}

/** undefined where it does not come in time; no timer is left behind. */
async function before<T>(coming: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  const stop = new AbortController();
  const late = clock.sleep(ms, stop.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([coming, late]);
  } finally {
    stop.abort();
  }
}

/** JSON has no line breaks. */
const eventOf = (happening: SearchChange | Problem): string =>
  'error' in happening
    ? `event: problem\ndata: ${JSON.stringify(happening)}\n\n`
    : `event: change\nid: ${happening.version}\ndata: ${JSON.stringify(happening)}\n\n`;

/** As the body of an answer. When nobody reads any more `stop` ends a wait for changes, and texts that wait to be read are let go. */
export function streamOf(texts: AsyncGenerator<string>, stop: () => void): ReadableStream {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      stop();
      await texts.return(undefined);
    },
  });
}
