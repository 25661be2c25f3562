// The shape every Kubernetes object has, and its key. Stands at the bottom of the runtime: imports nothing.

/** Says that an object exists for the sake of another and is deleted with it. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  /** At most one owner is the controller: the one whose reconciler made the object. */
  readonly controller?: boolean | undefined;
  readonly blockOwnerDeletion?: boolean | undefined;
}

/** metav1.ObjectMeta, as far as controllers read it. The server sets what `create` leaves out. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  /** Changes with every write. Its order within a kind: resource-version.ts. */
  readonly resourceVersion?: string | undefined;
  /** Rises when the desired state changes, not when status or metadata do. */
  readonly generation?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly ownerReferences?: readonly OwnerReference[] | undefined;
  /** While there is one, a delete only sets deletionTimestamp. */
  readonly finalizers?: readonly string[] | undefined;
  /** RFC 3339, seconds. */
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly deletionGracePeriodSeconds?: number | undefined;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** An object as a server returns it: it has its identity. Read-only, shared with other readers, perhaps frozen. */
export type Live<T extends KubernetesObject> = T & {
  readonly metadata: {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
  };
};

/** Names a kind to a client and carries the type of its objects. */
export interface ObjectKind<T extends KubernetesObject = KubernetesObject> {
  /** `group/version`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Lower-case plural, as in the URL. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set: carries T to the compiler. */
  readonly object?: T;
}

/** Identifies an object within its kind. `namespace` is '' for kinds that have none. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

export function keyOf(object: KubernetesObject): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/** `namespace/name`, or `name` alone without a namespace. Names hold no slash, so `parseKey` undoes it. */
export function keyText(key: ObjectKey): string {
  return key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
}

export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return slash < 0
    ? { namespace: '', name: text }
    : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** The reference by which `owner` becomes the controller of what carries it. */
export function controllerReference(owner: Live<KubernetesObject>): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Equality on labels (matchLabels): every pair must be there. An empty selector takes everything. */
export type LabelSelector = Readonly<Record<string, string>>;

export function matchesLabels(object: KubernetesObject, selector: LabelSelector = {}): boolean {
  const labels = object.metadata.labels ?? {};
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
