// Changes of a collection as they happen: one JSON event a line, until the server, silence or the signal ends it.
import type {
  KubernetesObject,
  Metrics,
  ObjectKind,
  WatchEvent,
  WatchOptions,
} from '../../runtime/index.ts';
import { GoneError } from '../../runtime/index.ts';
import type { ApiServer } from './api-server.ts';
import { excerpt, failureOf, MalformedAnswerError, SilenceError } from './failures.ts';
import { linesOf } from './lines.ts';
import { isObject, isText, liveObject } from './live-object.ts';
import { collectionPath, selectorText, withQuery } from './resource-path.ts';
import { parseJson } from './transport.ts';

export interface WatchRequest<T extends KubernetesObject> {
  readonly server: ApiServer;
  readonly kind: ObjectKind<T>;
  readonly options: WatchOptions;
  /** After which the server ends the watch: connections move on to other servers, and none is trusted for ever. */
  readonly seconds: number;
  readonly metrics: Metrics;
}

/** Ten times what etcd takes for an object. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Silence ends it like the server does: a quiet kind has no news, a connection whose other end is gone has none either. */
export async function* watchAll<T extends KubernetesObject>(
  request: WatchRequest<T>,
): AsyncGenerator<WatchEvent<T>> {
  const { kind, metrics } = request;
  let end = 'stopped';
  try {
    yield* events(request);
    end = request.options.signal.aborted ? 'stopped' : 'server';
  } catch (error) {
    if (request.options.signal.aborted) return;
    end = endOf(error);
    if (end !== 'silent') throw error;
  } finally {
    metrics.count('kubernetes_watches_ended_total', { kind: kind.kind, end });
  }
}

function endOf(error: unknown): string {
  if (error instanceof SilenceError) return 'silent';
  return error instanceof GoneError ? 'gone' : 'failure';
}

async function* events<T extends KubernetesObject>({
  server,
  kind,
  options,
  seconds,
}: WatchRequest<T>): AsyncGenerator<WatchEvent<T>> {
  const { namespace, labels, resourceVersion, signal } = options;
  if (signal.aborted) return;
  const path = withQuery(collectionPath(kind, namespace), {
    labelSelector: selectorText(labels),
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: seconds,
    resourceVersion,
  });
  const call = { verb: 'watch', kind: kind.kind, method: 'GET', path, signal } as const;
  for await (const line of linesOf(server.stream(call), MAX_EVENT_BYTES)) {
    yield eventOf(kind, line, `GET ${path}`);
    if (signal.aborted) return;
  }
}

/** @throws GoneError and others for an ERROR event. */
function eventOf<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  line: string,
  request: string,
): WatchEvent<T> {
  const value = parseJson(line, request);
  const { type, object } = isObject(value) ? value : {};
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: liveObject(kind, object, request) };
    case 'BOOKMARK': {
      const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
      const { resourceVersion } = metadata;
      if (isText(resourceVersion)) return { type, resourceVersion };
      break;
    }
    case 'ERROR': {
      const code = isObject(object) ? Number(object['code']) : 0;
      throw failureOf({ request, code, body: JSON.stringify(object) ?? '' });
    }
  }
  throw new MalformedAnswerError(`${request}: expected a watch event, got '${excerpt(line)}'`);
}
