// The client of one kind: reads, and writes as merge patches under one field manager, so that what others wrote stays.
import {
  ConflictError,
  type DeleteOptions,
  type KubernetesObject,
  keyOf,
  keyText,
  type Live,
  type Metrics,
  type ObjectClient,
  type ObjectKey,
  type ObjectKind,
  type Preconditions,
} from '../../runtime/index.ts';
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
  const get = async (key: ObjectKey): Promise<Live<T>> => {
    const path = objectPath(kind, key);
    const answer = await server.call({ verb: 'get', kind: name, method: 'GET', path });
    return liveObject(kind, answer, `GET ${path}`);
  };
  return {
    get,
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
    async patchStatus(key, status, { uid, resourceVersion } = {}) {
      const path = `${objectPath(kind, key)}/status`;
      const send = (version: string | undefined) =>
        write(
          { verb: 'patch_status', method: 'PATCH', path },
          withConditions({ status }, { resourceVersion: version }),
        );
      // A version belongs to one uid, so holding it holds both.
      if (uid === undefined || resourceVersion !== undefined) return send(resourceVersion);
      return holdingUid(uid, () => get(key), send);
    },
    async delete(key, options = {}) {
      const body = JSON.stringify(deleteOptions(options));
      const path = objectPath(kind, key);
      const contentType = 'application/json';
      await server.call({ verb: 'delete', kind: name, method: 'DELETE', path, contentType, body });
    },
  };
}

/** How often others may write between our look at an object and our patch of it. */
const LOOKS = 5;

/** A server passes over the uid in a patch of a custom resource's status; it does hold a version, so we look which. */
async function holdingUid<T extends KubernetesObject>(
  uid: string,
  look: () => Promise<Live<T>>,
  send: (version: string) => Promise<Live<T>>,
): Promise<Live<T>> {
  for (let looks = 1; ; looks += 1) {
    const object = await look();
    const { metadata } = object;
    if (metadata.uid !== uid) {
      const what = `${object.kind} ${keyText(keyOf(object))}`;
      throw new ConflictError(`${what}: expected uid ${uid}, found ${metadata.uid}`);
    }
    try {
      return await send(metadata.resourceVersion);
    } catch (error) {
      if (!(error instanceof ConflictError) || looks === LOOKS) throw error;
    }
  }
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
}: DeleteOptions): object {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, resourceVersion },
    propagationPolicy: propagation,
    gracePeriodSeconds,
  };
}
