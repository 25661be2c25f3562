// The port to a store of objects: a Kubernetes API server, or an in-process one. Bound to one kind, so results are typed.
// Every call ends within a deadline that the adapter holds; failures are those of object-errors.ts or the transport's own.
import type { KubernetesObject, LabelSelector, Live, ObjectKey, ObjectKind } from './object.ts';

/** RFC 7386: objects are merged, null removes, arrays and scalars replace. */
export type MergePatch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: MergePatch<T[K]> | null }
    : T;

export interface ListOptions {
  /** All namespaces when left out. */
  readonly namespace?: string | undefined;
  readonly labels?: LabelSelector | undefined;
  /** The caller waits no longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface ObjectList<T extends KubernetesObject> {
  readonly items: readonly Live<T>[];
  /** Where a watch goes on without a gap. */
  readonly resourceVersion: string;
}

export interface WatchOptions extends ListOptions {
  /** Events after this one are delivered; from a list, an event or a bookmark. */
  readonly resourceVersion: string;
  /** Aborting ends the iteration normally. */
  readonly signal: AbortSignal;
}

/** With a label selector, entering it reads as ADDED and leaving it as DELETED. */
export type WatchEvent<T extends KubernetesObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Live<T> }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface ObjectReader<T extends KubernetesObject> {
  /** @throws NotFoundError */
  get(key: ObjectKey): Promise<Live<T>>;
  /** Consistent: the state at its resourceVersion, never older than what any earlier call has returned. */
  list(options?: ListOptions): Promise<ObjectList<T>>;
  /** May end at any time, and does when the connection is dead: go on from the last resourceVersion. @throws GoneError */
  watch(options: WatchOptions): AsyncIterable<WatchEvent<T>>;
}

/** The write happens only if these still hold, else ConflictError. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export interface DeleteOptions extends Preconditions {
  /** Background (default) deletes what the object owns as well; Orphan leaves it. */
  readonly propagation?: 'Background' | 'Orphan' | undefined;
  /** Only for kinds that end gracefully (Pod): 0 removes the object at once. */
  readonly gracePeriodSeconds?: number | undefined;
}

export interface ObjectWriter<T extends KubernetesObject> {
  /** Status is not taken over: it is a subresource. @throws AlreadyExistsError | InvalidError */
  create(object: T): Promise<Live<T>>;
  /** Changes anything but status, which it ignores. A patch that changes nothing writes nothing. @throws NotFoundError | ConflictError | InvalidError */
  patch(key: ObjectKey, patch: MergePatch<T>, conditions?: Preconditions): Promise<Live<T>>;
  /** Changes status and nothing else. @throws NotFoundError | ConflictError | InvalidError */
  patchStatus(
    key: ObjectKey,
    status: MergePatch<NonNullable<T['status']>>,
    conditions?: Preconditions,
  ): Promise<Live<T>>;
  /** Resolves when the deletion is accepted; finalizers and grace may keep the object for a while. @throws NotFoundError | ConflictError */
  delete(key: ObjectKey, options?: DeleteOptions): Promise<void>;
}

export interface ObjectClient<T extends KubernetesObject>
  extends ObjectReader<T>,
    ObjectWriter<T> {}

/** Where clients come from. */
export interface ObjectClients {
  of<T extends KubernetesObject>(kind: ObjectKind<T>): ObjectClient<T>;
}
