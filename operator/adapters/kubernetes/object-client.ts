// The client of one kind: reads, and writes as merge patches under one field manager, so that what others wrote stays.
import type {
  KubernetesObject,
  Live,
  Metrics,
  ObjectClient,
  ObjectKind,
  Preconditions,
} from '../../runtime/index.ts';
import { keyOf } from '../../runtime/index.ts';
import type { ApiServer } from './api-server.ts';
import { liveObject } from './live-object.ts';
import { listAll } from './object-list.ts';
import { watchAll } from './object-watch.ts';
import { homePath, objectPath, withQuery } from './resource-path.ts';

export interface ClientSettings {
  readonly server: ApiServer;
  readonly metrics: Metrics;
  /** Whom the server notes as the writer of what is written here. */
  readonly fieldManager: string;
  readonly pageSize: number;
  readonly watchSeconds: number;
}

export function objectClient<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  { server, metrics, fieldManager, pageSize, watchSeconds: seconds }: ClientSettings,
): ObjectClient<T> {
  const name = kind.kind;
  const write = async (
    call: { verb: 'create' | 'patch' | 'patch_status'; method: 'POST' | 'PATCH'; path: string },
    content: unknown,
  ): Promise<Live<T>> => {
    const path = withQuery(call.path, { fieldManager });
    const contentType =
      call.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const body = JSON.stringify(content);
    const answer = await server.call({ ...call, kind: name, path, contentType, body });
    return liveObject(kind, answer, `${call.method} ${path}`);
  };
  return {
    async get(key) {
      const path = objectPath(kind, key);
      const answer = await server.call({ verb: 'get', kind: name, method: 'GET', path });
      return liveObject(kind, answer, `GET ${path}`);
    },
    list: (options = {}) => listAll({ server, kind, options, pageSize }),
    watch: (options) => watchAll({ server, kind, options, seconds, metrics }),
    async create(object) {
      const path = homePath(kind, keyOf(object));
      return write({ verb: 'create', method: 'POST', path }, object);
    },
    async patch(key, patch, conditions = {}) {
      const path = objectPath(kind, key);
      return write({ verb: 'patch', method: 'PATCH', path }, withConditions(patch, conditions));
    },
    async patchStatus(key, status, conditions = {}) {
      const path = `${objectPath(kind, key)}/status`;
      const patch = withConditions({ status }, conditions);
      return write({ verb: 'patch_status', method: 'PATCH', path }, patch);
    },
    async delete(key, options = {}) {
      const body = JSON.stringify(deleteOptions(options));
      const path = objectPath(kind, key);
      const contentType = 'application/json';
      await server.call({ verb: 'delete', kind: name, method: 'DELETE', path, contentType, body });
    },
  };
}

/** The server refuses a patch whose uid or resourceVersion is not the object's. */
function withConditions(patch: object, { uid, resourceVersion }: Preconditions): object {
  const { metadata } = patch as { metadata?: object };
  return { ...patch, metadata: { ...metadata, uid, resourceVersion } };
}

function deleteOptions({
  uid,
  resourceVersion,
  propagation = 'Background',
  gracePeriodSeconds,
}: Parameters<ObjectClient<KubernetesObject>['delete']>[1] & object): object {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, resourceVersion },
    propagationPolicy: propagation,
    gracePeriodSeconds,
  };
}
