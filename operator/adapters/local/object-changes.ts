// What the API server does to an object on each kind of write: pure functions from an object to the next one.
// The store adds resourceVersion and durability.
import { isDeepStrictEqual } from 'node:util';
import {
  ConflictError,
  InvalidError,
  type KubernetesObject,
  type Live,
  type ObjectMeta,
  type Preconditions,
} from '../../runtime/index.ts';
import { mergePatch } from './merge-patch.ts';

export type LiveObject = Live<KubernetesObject>;

/** What the server gives a new object. */
export interface Identity {
  readonly uid: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

/** Metadata that only the server writes; a patch of it is ignored. */
const SERVER_OWNED = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const satisfies readonly (keyof ObjectMeta)[];

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** A copy that shares nothing with the caller and holds what JSON holds. */
export function jsonCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Status is dropped: it is a subresource. @throws InvalidError */
export function newObject(
  { status: _, ...object }: KubernetesObject,
  identity: Identity,
): LiveObject {
  const { name, namespace } = object.metadata;
  for (const part of namespace === undefined ? [name] : [namespace, name]) {
    if (part.length > 253 || !NAME.test(part)) {
      throw new InvalidError(
        `metadata of ${object.kind} "${part}": expected at most 253 lower-case letters, digits, - and .`,
      );
    }
  }
  const { deletionTimestamp, deletionGracePeriodSeconds, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: identity.uid,
      resourceVersion: '',
      generation: 1,
      creationTimestamp: identity.timestamp,
    },
  };
}

/** @throws ConflictError */
export function checkPreconditions(
  { kind, metadata }: LiveObject,
  { uid, resourceVersion }: Preconditions,
): void {
  const wants = { uid, resourceVersion };
  for (const field of ['uid', 'resourceVersion'] as const) {
    const want = wants[field];
    if (want === undefined || want === metadata[field]) continue;
    throw new ConflictError(
      `${kind} ${metadata.name}: expected ${field} ${want}, found ${metadata[field]}; read it again`,
    );
  }
}

/** Everything but status; generation rises when more than metadata changed. @throws InvalidError */
export function patched(current: LiveObject, patch: unknown): LiveObject {
  const merged = mergePatch(current, patch) as LiveObject;
  const metadata: Record<string, unknown> = { ...merged.metadata };
  for (const field of SERVER_OWNED) {
    if (current.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = current.metadata[field];
  }
  const { status: _, ...rest } = merged;
  const next = {
    ...rest,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata,
    ...(current.status === undefined ? {} : { status: current.status }),
  } as unknown as LiveObject;
  refuseNewFinalizers(current, next);
  return sameDesire(current, next) ? next : nextGeneration(next);
}

export function statusPatched(current: LiveObject, patch: unknown): LiveObject {
  return { ...current, status: mergePatch(current.status, patch) };
}

/** Asked to go, but kept by finalizers or grace. A second request may only shorten the grace. */
export function markedForDeletion(
  current: LiveObject,
  timestamp: string,
  graceSeconds: number,
): LiveObject {
  const { deletionTimestamp, deletionGracePeriodSeconds = graceSeconds } = current.metadata;
  const marked: LiveObject = {
    ...current,
    metadata: {
      ...current.metadata,
      deletionTimestamp: deletionTimestamp ?? timestamp,
      deletionGracePeriodSeconds: Math.min(graceSeconds, deletionGracePeriodSeconds),
    },
  };
  return deletionTimestamp === undefined ? nextGeneration(marked) : marked;
}

/** Asked to go, and nothing keeps it. */
export function isFinished({ metadata }: LiveObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
    (metadata.finalizers ?? []).length === 0
  );
}

function refuseNewFinalizers(current: LiveObject, next: LiveObject): void {
  if (current.metadata.deletionTimestamp === undefined) return;
  const before = new Set(current.metadata.finalizers);
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length === 0) return;
  throw new InvalidError(
    `${current.kind} ${current.metadata.name} is being deleted: no new finalizers (${added.join(', ')})`,
  );
}

function sameDesire(a: LiveObject, b: LiveObject): boolean {
  const { metadata: _a, status: _as, ...desireA } = a;
  const { metadata: _b, status: _bs, ...desireB } = b;
  return isDeepStrictEqual(desireA, desireB);
}

function nextGeneration(object: LiveObject): LiveObject {
  const { generation = 0 } = object.metadata;
  return { ...object, metadata: { ...object.metadata, generation: generation + 1 } };
}
