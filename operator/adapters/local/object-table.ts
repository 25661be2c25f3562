// The objects of the store in memory, by kind and key, with who owns whom. Plain state; no I/O.
import { keyOf, keyText, type ObjectKey, type ObjectKind } from '../../runtime/index.ts';
import type { LiveObject } from './object-changes.ts';

/** apiVersion and kind as one text. */
export function kindText({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion} ${kind}`;
}

export class ObjectTable {
  readonly #kinds = new Map<string, Map<string, LiveObject>>();
  readonly #byUid = new Map<string, LiveObject>();
  readonly #dependents = new Map<string, Set<string>>();

  get(kind: ObjectKind, key: ObjectKey): LiveObject | undefined {
    return this.#kinds.get(kindText(kind))?.get(keyText(key));
  }

  /** In the order of creation. */
  list(kind: ObjectKind): LiveObject[] {
    return [...(this.#kinds.get(kindText(kind))?.values() ?? [])];
  }

  all(): LiveObject[] {
    return [...this.#byUid.values()];
  }

  hasUid(uid: string): boolean {
    return this.#byUid.has(uid);
  }

  /** Objects that name `uid` as an owner. */
  dependents(uid: string): LiveObject[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((child) => this.#byUid.get(child) ?? []);
  }

  set(object: LiveObject): void {
    const { uid } = object.metadata;
    this.#forgetOwners(uid);
    const text = kindText(object);
    const objects = this.#kinds.get(text) ?? new Map<string, LiveObject>();
    this.#kinds.set(text, objects.set(keyText(keyOf(object)), object));
    this.#byUid.set(uid, object);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const children = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, children.add(uid));
    }
  }

  delete(object: LiveObject): void {
    const { uid } = object.metadata;
    this.#forgetOwners(uid);
    this.#kinds.get(kindText(object))?.delete(keyText(keyOf(object)));
    this.#byUid.delete(uid);
  }

  #forgetOwners(uid: string): void {
    for (const owner of this.#byUid.get(uid)?.metadata.ownerReferences ?? []) {
      const children = this.#dependents.get(owner.uid);
      children?.delete(uid);
      if (children?.size === 0) this.#dependents.delete(owner.uid);
    }
  }
}
