// Where a controller's keys come from: the objects themselves, what they own, or anything else that can name a key.
import type { Informer } from './informer.ts';
import { type KubernetesObject, keyOf, type ObjectKey, type ObjectKind } from './object.ts';

export interface Source {
  /** Calls `enqueue` from now on, until the signal aborts. */
  start(enqueue: (key: ObjectKey) => void, signal: AbortSignal): void;
}

/** What a source needs of an informer. */
type Changes<T extends KubernetesObject> = Pick<Informer<T>, 'addHandler'>;

/** A change of an object enqueues that object. */
export function eachObject<T extends KubernetesObject>(informer: Changes<T>): Source {
  return keysFrom(informer, (object) => [keyOf(object)]);
}

/** A change of an object enqueues the controller of `kind` that owns it; if it changed hands, both. */
export function controllerOfEach<T extends KubernetesObject>(
  informer: Changes<T>,
  kind: ObjectKind,
): Source {
  const group = groupOf(kind.apiVersion);
  return keysFrom(informer, ({ metadata }) =>
    (metadata.ownerReferences ?? [])
      .filter((owner) => owner.controller === true)
      .filter((owner) => owner.kind === kind.kind && groupOf(owner.apiVersion) === group)
      .map(({ name }) => ({ namespace: kind.namespaced ? (metadata.namespace ?? '') : '', name })),
  );
}

/** A change of an object enqueues what `keys` makes of it, before and after the change. */
export function keysFrom<T extends KubernetesObject>(
  informer: Changes<T>,
  keys: (object: T) => readonly ObjectKey[],
): Source {
  return {
    start(enqueue, signal) {
      informer.addHandler(({ object, previous }) => {
        if (signal.aborted) return;
        const before = previous === undefined ? [] : keys(previous);
        for (const key of [...before, ...keys(object)]) enqueue(key);
      });
    },
  };
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
