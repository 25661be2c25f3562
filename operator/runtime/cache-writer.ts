// Writes an informer's cache. Lists, events and own writes reach it out of order, as each takes its own way from the server;
// resource versions put them in order, so that a reader never sees a state older than the last own write of an object.
import { type KubernetesObject, keyOf, keyText, type Live, type ObjectKey } from './object.ts';
import type { CacheChange, ObjectCache } from './object-cache.ts';
import type { ObjectList, WatchEvent } from './object-client.ts';
import { compareVersions, isNewer } from './resource-version.ts';

type ObjectEvent<T extends KubernetesObject> = Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>;

export class CacheWriter<T extends KubernetesObject> {
  readonly #cache: ObjectCache<T>;
  readonly #selects: (object: Live<T>) => boolean;
  /** Lists and events have told all that happened up to here. */
  #position: string | undefined;
  /** deletionTimestamp by uid: own deletes that lists and events do not show yet. */
  readonly #deletions = new Map<string, string>();
  /** Version by key: own writes that took an object out of the selection, ahead of the position. */
  readonly #departures = new Map<string, string>();

  constructor(cache: ObjectCache<T>, selects: (object: Live<T>) => boolean) {
    this.#cache = cache;
    this.#selects = selects;
  }

  list({ items, resourceVersion: version }: ObjectList<T>): CacheChange<T>[] {
    // Lists are consistent: one from before the position shows a store that was restored from a backup.
    const startsAnew = this.#position !== undefined && isNewer(this.#position, version);
    if (startsAnew) this.#forget();
    this.#position = version;
    const listed = items.filter((object) => !this.#hasDeparted(object)).map((o) => this.#marked(o));
    const changes = this.#cache.replace(listed, (known, instead) =>
      startsAnew ? false : isAhead(known, instead, version),
    );
    this.#sweep();
    return changes;
  }

  event({ type, object }: ObjectEvent<T>): CacheChange<T> | undefined {
    const { uid, resourceVersion: version } = object.metadata;
    this.bookmark(version);
    const known = this.#cache.get(keyOf(object));
    const order = known && compareVersions(version, known.metadata.resourceVersion);
    if (type === 'DELETED') {
      const isOld = order !== undefined && order < 0;
      // The known object left the selection once, and came back.
      if (isOld && known?.metadata.uid === uid) return undefined;
      this.#deletions.delete(uid);
      return isOld ? undefined : this.#cache.remove(object);
    }
    if ((order !== undefined && order <= 0) || this.#hasDeparted(object)) return undefined;
    return this.#cache.set(this.#marked(object));
  }

  bookmark(version: string): void {
    this.#position = version;
    for (const [key, departed] of this.#departures) {
      if (!isNewer(departed, version)) this.#departures.delete(key);
    }
  }

  /** Takes over what an own write returned, unless lists and events have already told it, or more. */
  wrote(object: Live<T>): CacheChange<T> | undefined {
    const { uid, resourceVersion: version } = object.metadata;
    const known = this.#cache.get(keyOf(object));
    // A write that removes the last finalizer is answered with the version before it.
    if (known?.metadata.uid === uid && known.metadata.resourceVersion === version)
      return isFinished(object) ? this.#cache.set(object) : undefined;
    const seen = [this.#position ?? '0', known?.metadata.resourceVersion ?? '0'];
    if (!seen.every((older) => isNewer(version, older)) || this.#hasDeparted(object))
      return undefined;
    if (this.#selects(object)) return this.#cache.set(this.#marked(object));
    this.#departures.set(keyText(keyOf(object)), version);
    return this.#cache.remove(object);
  }

  /** From now on the object reads as being deleted, whatever older events say, until lists and events show its end. */
  deleted(key: ObjectKey, uid: string, timestamp: string): CacheChange<T> | undefined {
    const known = this.#cache.get(key);
    if (known?.metadata.uid !== uid || known.metadata.deletionTimestamp !== undefined)
      return undefined;
    this.#deletions.set(uid, timestamp);
    return this.#cache.set(this.#marked(known));
  }

  #marked(object: Live<T>): Live<T> {
    const { uid, deletionTimestamp } = object.metadata;
    const timestamp = this.#deletions.get(uid);
    if (timestamp === undefined) return object;
    if (deletionTimestamp === undefined)
      return { ...object, metadata: { ...object.metadata, deletionTimestamp: timestamp } };
    this.#deletions.delete(uid);
    return object;
  }

  #hasDeparted(object: Live<T>): boolean {
    const departed = this.#departures.get(keyText(keyOf(object)));
    return departed !== undefined && !isNewer(object.metadata.resourceVersion, departed);
  }

  #forget(): void {
    this.#deletions.clear();
    this.#departures.clear();
  }

  /** A list that lacks an object is the end of its deletion. */
  #sweep(): void {
    if (this.#position !== undefined) this.bookmark(this.#position);
    if (this.#deletions.size === 0) return;
    const uids = new Set(this.#cache.list().map(({ metadata }) => metadata.uid));
    for (const uid of this.#deletions.keys()) if (!uids.has(uid)) this.#deletions.delete(uid);
  }
}

/** Whether an own write has made `known` newer than the list that shows `listed` in its place. */
function isAhead<T extends KubernetesObject>(
  known: Live<T>,
  listed: Live<T> | undefined,
  listVersion: string,
): boolean {
  const { resourceVersion: version } = known.metadata;
  if (listed === undefined) return isNewer(version, listVersion);
  return (compareVersions(version, listed.metadata.resourceVersion) ?? -1) >= 0;
}

/** Asked to go, and kept by nothing: the server has removed it. */
function isFinished({ metadata }: KubernetesObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).length === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}
