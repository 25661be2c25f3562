// What an informer knows: the objects of one kind by key, with indexes. Written by the informer alone.
import {
  type KubernetesObject,
  keyOf,
  keyText,
  type LabelSelector,
  type Live,
  matchesLabels,
  type ObjectKey,
} from './object.ts';

/** The values under which an object is found in an index. */
export type IndexFunction<T extends KubernetesObject> = (object: Live<T>) => readonly string[];

/** Finds what an object owns, by its uid. */
export const byOwnerUid: IndexFunction<KubernetesObject> = (object) =>
  (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);

/** Finds objects by the value of one label. */
export function byLabel(label: string): IndexFunction<KubernetesObject> {
  return (object) => {
    const value = object.metadata.labels?.[label];
    return value === undefined ? [] : [value];
  };
}

export interface CacheChange<T extends KubernetesObject> {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: Live<T>;
  /** Before a modification: lets an object that changed hands reach both owners. */
  readonly previous?: Live<T> | undefined;
}

export class ObjectCache<T extends KubernetesObject> {
  readonly #objects = new Map<string, Live<T>>();
  readonly #functions: Readonly<Record<string, IndexFunction<T>>>;
  readonly #indexes = new Map<string, Map<string, Set<string>>>();

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> = {}) {
    this.#functions = indexes;
    for (const name of Object.keys(indexes)) this.#indexes.set(name, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): Live<T> | undefined {
    return this.#objects.get(keyText(key));
  }

  list(labels: LabelSelector = {}): Live<T>[] {
    return [...this.#objects.values()].filter((object) => matchesLabels(object, labels));
  }

  /** Objects whose index function gave `value`. @throws RangeError for an index that was not declared. */
  byIndex(name: string, value: string): Live<T>[] {
    const index = this.#indexes.get(name);
    if (index === undefined) {
      const known = [...this.#indexes.keys()].join(', ') || 'none';
      throw new RangeError(`no index ${name}: declare it with the informer (declared: ${known})`);
    }
    return [...(index.get(value) ?? [])].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Takes over a whole list, but for what `keeps` prefers to it (or to its lack); returns what that changed. */
  replace(
    objects: readonly Live<T>[],
    keeps: (known: Live<T>, listed: Live<T> | undefined) => boolean = () => false,
  ): CacheChange<T>[] {
    const listed = new Map(objects.map((object) => [keyText(keyOf(object)), object]));
    const gone = [...this.#objects].filter(([key]) => !listed.has(key)).map(([, known]) => known);
    const lost = gone.filter((known) => !keeps(known, undefined));
    const taken = [...listed].filter(([key, object]) => {
      const known = this.#objects.get(key);
      return known === undefined || !keeps(known, object);
    });
    return [
      ...lost.map((object) => this.remove(object)),
      ...taken.map(([, object]) => this.set(object)),
    ].filter((change) => change !== undefined);
  }

  /** undefined when this very state is known. */
  set(object: Live<T>): CacheChange<T> | undefined {
    const key = keyText(keyOf(object));
    const previous = this.#objects.get(key);
    if (previous !== undefined && isSameState(previous, object)) return undefined;
    if (previous !== undefined) this.#unindex(key, previous);
    this.#objects.set(key, object);
    for (const [name, values] of this.#valuesOf(object)) {
      const index = this.#indexes.get(name);
      for (const value of values) {
        const keys = index?.get(value);
        if (keys === undefined) index?.set(value, new Set([key]));
        else keys.add(key);
      }
    }
    return { type: previous === undefined ? 'added' : 'modified', object, previous };
  }

  /** undefined when it was not known. */
  remove(object: Live<T>): CacheChange<T> | undefined {
    const key = keyText(keyOf(object));
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    this.#unindex(key, previous);
    this.#objects.delete(key);
    return { type: 'deleted', object, previous };
  }

  #valuesOf(object: Live<T>): [string, readonly string[]][] {
    return Object.entries(this.#functions).map(([name, values]) => [name, values(object)]);
  }

  #unindex(key: string, object: Live<T>): void {
    for (const [name, values] of this.#valuesOf(object)) {
      const index = this.#indexes.get(name);
      for (const value of values) {
        const keys = index?.get(value);
        keys?.delete(key);
        if (keys?.size === 0) index?.delete(value);
      }
    }
  }
}

/** A version names one state, but for an own delete: it is known before the version that it makes. */
function isSameState(
  { metadata: a }: KubernetesObject,
  { metadata: b }: KubernetesObject,
): boolean {
  return (
    a.resourceVersion === b.resourceVersion &&
    a.deletionTimestamp === b.deletionTimestamp &&
    (a.finalizers ?? []).length === (b.finalizers ?? []).length
  );
}
