// Where an API server serves a kind. Pure; refuses names that would lead elsewhere.
import {
  InvalidError,
  type KubernetesObject,
  keyText,
  type LabelSelector,
  type ObjectKey,
  type ObjectKind,
} from '../../runtime/index.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** All objects of a kind, or those of a namespace. */
export function collectionPath<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  namespace: string | undefined,
): string {
  // The core group has a root of its own.
  const root = kind.apiVersion.includes('/') ? '/apis' : '/api';
  const place = namespace === undefined ? '' : `/namespaces/${segment(kind, namespace)}`;
  return `${root}/${kind.apiVersion}${place}/${kind.plural}`;
}

/** The collection that an object of this key belongs to. @throws InvalidError */
export function homePath<T extends KubernetesObject>(kind: ObjectKind<T>, key: ObjectKey): string {
  if (kind.namespaced !== (key.namespace !== '')) {
    const place = kind.namespaced ? 'with a namespace' : 'without a namespace';
    throw new InvalidError(`expected a ${kind.kind} ${place}, found ${keyText(key)}`);
  }
  return collectionPath(kind, kind.namespaced ? key.namespace : undefined);
}

/** @throws InvalidError */
export function objectPath<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  key: ObjectKey,
): string {
  return `${homePath(kind, key)}/${segment(kind, key.name)}`;
}

/** An empty name would be the whole collection, dots another one: a delete must never get there. */
function segment(kind: { readonly kind: string }, name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/%]/.test(name)) {
    throw new InvalidError(`expected the name of a ${kind.kind} or its namespace, found '${name}'`);
  }
  return encodeURIComponent(name);
}

export function withQuery(path: string, query: Query): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) text.set(name, String(value));
  }
  return text.size === 0 ? path : `${path}?${text}`;
}

export function selectorText(labels: LabelSelector | undefined): string | undefined {
  const pairs = Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? undefined : pairs.join(',');
}
