// What a server sends, taken in as an object of a kind. The one place where the type of a kind's objects is taken on trust:
// the server checks it by the schema that the kind was declared with.
import type { KubernetesObject, Live, ObjectKind } from '../../runtime/index.ts';
import { excerpt, MalformedAnswerError } from './failures.ts';

interface AnyObject {
  readonly [field: string]: unknown;
}

/**
 * Drops managedFields, often half of an object: nobody here reads them, caches would keep them.
 * Items of lists of built-in kinds come without apiVersion and kind: they are added.
 * @throws MalformedAnswerError
 */
export function liveObject<T extends KubernetesObject>(
  kind: ObjectKind<T>,
  value: unknown,
  request: string,
): Live<T> {
  const metadata = isObject(value) && isObject(value['metadata']) ? value['metadata'] : {};
  const { managedFields: _, ...rest } = metadata;
  if (!isObject(value) || ![rest['name'], rest['uid'], rest['resourceVersion']].every(isText)) {
    const found = excerpt(JSON.stringify(value) ?? 'nothing');
    throw new MalformedAnswerError(
      `${request}: expected a ${kind.kind} with name, uid and resourceVersion, got ${found}`,
    );
  }
  const { apiVersion, kind: name } = kind;
  const live = { apiVersion, kind: name, ...value, metadata: rest };
  return live as unknown as Live<T>;
}

export function isObject(value: unknown): value is AnyObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
