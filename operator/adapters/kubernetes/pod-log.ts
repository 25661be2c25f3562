// What a container has written, as its node still has it: bytes as they come from the API server's log subresource.
import type { ObjectKey } from '../../runtime/index.ts';
import type { ApiServer } from './api-server.ts';
import { objectPath, withQuery } from './resource-path.ts';

export interface PodLogOptions {
  readonly container: string;
  /** Only so many of the last lines. */
  readonly tailLines?: number | undefined;
  /** Goes on until the container has ended. */
  readonly follow?: boolean | undefined;
  /** From that time on, which a node takes by the second; RFC 3339. */
  readonly sinceTime?: string | undefined;
  /** Before each line its time. */
  readonly timestamps?: boolean | undefined;
  readonly signal: AbortSignal;
}

const POD = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true } as const;

/** Up to now, or followed. @throws NotFoundError where the Pod is gone, InvalidError where the container has not started */
export async function* podLog(
  server: Pick<ApiServer, 'stream'>,
  key: ObjectKey,
  { signal, ...query }: PodLogOptions,
): AsyncGenerator<Uint8Array> {
  const path = withQuery(`${objectPath(POD, key)}/log`, query);
  yield* server.stream({ verb: 'get', kind: 'Pod', method: 'GET', path, signal });
}
