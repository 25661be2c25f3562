// What a watcher with a namespace and a label selector sees of an event of the store.
import {
  type KubernetesObject,
  type LabelSelector,
  type ListOptions,
  matchesLabels,
  type ObjectKind,
  type WatchEvent,
} from '../../runtime/index.ts';
import type { StoreEvent } from './event-window.ts';
import { kindText } from './object-table.ts';

/** undefined: the event is not for this watcher. An object that enters or leaves the selector is ADDED or DELETED. */
export function seenBy(
  event: StoreEvent,
  kind: ObjectKind,
  { namespace, labels }: ListOptions,
): WatchEvent<KubernetesObject> | undefined {
  if (event.kind !== kindText(kind)) return undefined;
  if (!isIn(event.object, namespace)) return undefined;
  const type = seenType(event, labels);
  return type === undefined ? undefined : { type, object: event.object };
}

export function isIn(object: KubernetesObject, namespace: string | undefined): boolean {
  return namespace === undefined || object.metadata.namespace === namespace;
}

function seenType(
  { type, object, previous }: StoreEvent,
  labels: LabelSelector | undefined,
): StoreEvent['type'] | undefined {
  const now = matchesLabels(object, labels);
  if (type !== 'MODIFIED' || previous === undefined) return now ? type : undefined;
  const before = matchesLabels(previous, labels);
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}
