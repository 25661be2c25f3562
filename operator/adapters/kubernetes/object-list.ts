// A whole collection in pages, so that neither server nor network carries it in one piece.
import {
  GoneError,
  type KubernetesObject,
  type ListOptions,
  type Live,
  type ObjectKind,
  type ObjectList,
} from '../../runtime/index.ts';
import type { ApiServer } from './api-server.ts';
import { excerpt, MalformedAnswerError } from './failures.ts';
import { isObject, isText, liveObject } from './live-object.ts';
import { collectionPath, selectorText, withQuery } from './resource-path.ts';

export interface ListRequest<T extends KubernetesObject> {
  readonly server: ApiServer;
  readonly kind: ObjectKind<T>;
  readonly options: ListOptions;
  readonly pageSize: number;
}

/** All pages show one moment. When the server forgets that moment on the way, starts over, once, without pages. */
export async function listAll<T extends KubernetesObject>(
  request: ListRequest<T>,
): Promise<ObjectList<T>> {
  const first = await page(request, { limit: request.pageSize });
  const items = [...first.items];
  let next = first.next;
  while (next !== undefined) {
    try {
      const more = await page(request, { limit: request.pageSize, continue: next });
      for (const item of more.items) items.push(item);
      next = more.next;
    } catch (error) {
      if (error instanceof GoneError) return page(request, {});
      throw error;
    }
  }
  return { items, resourceVersion: first.resourceVersion };
}

interface Page<T extends KubernetesObject> extends ObjectList<T> {
  /** Token of the next page; undefined: this was the last. */
  readonly next: string | undefined;
}

async function page<T extends KubernetesObject>(
  { server, kind, options }: ListRequest<T>,
  place: { readonly limit?: number; readonly continue?: string },
): Promise<Page<T>> {
  const labelSelector = selectorText(options.labels);
  const path = withQuery(collectionPath(kind, options.namespace), { labelSelector, ...place });
  const call = { verb: 'list', kind: kind.kind, method: 'GET', path } as const;
  const body = await server.call({ ...call, signal: options.signal });
  const request = `GET ${path}`;
  const metadata = isObject(body) && isObject(body['metadata']) ? body['metadata'] : {};
  const items = isObject(body) ? (body['items'] ?? []) : undefined;
  const { resourceVersion, continue: next } = metadata;
  if (!Array.isArray(items) || !isText(resourceVersion)) {
    const found = excerpt(JSON.stringify(body) ?? 'nothing');
    throw new MalformedAnswerError(`${request}: expected a list of ${kind.kind}, got ${found}`);
  }
  const live: Live<T>[] = items.map((item) => liveObject(kind, item, request));
  return { items: live, resourceVersion, next: isText(next) ? next : undefined };
}
