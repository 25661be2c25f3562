// A reader whose lists and watches a test plays one after the other, to show an informer a server at its worst.
import type {
  KubernetesObject,
  Live,
  ObjectKind,
  ObjectList,
  ObjectReader,
  WatchEvent,
  WatchOptions,
} from '../../../operator/runtime/index.ts';

export const THING: ObjectKind = {
  apiVersion: 'v1',
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
};

export type LiveThing = Live<KubernetesObject>;

export function thing(name: string, version: number, metadata = {}): LiveThing {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      resourceVersion: String(version),
      creationTimestamp: '2030-01-01T00:00:00Z',
      ...metadata,
    },
  };
}

/** Events in order; an Error ends the watch by throwing, `end` ends it normally; after the last it stays open. */
export type WatchScript = readonly (WatchEvent<KubernetesObject> | Error | 'end')[];

export interface Script {
  readonly lists: readonly (
    | Error
    | { readonly version: number; readonly items: readonly LiveThing[] }
  )[];
  readonly watches: readonly WatchScript[];
}

export function scriptedReader(script: Script) {
  const lists = [...script.lists];
  const watches = [...script.watches];
  /** `list`, and `watch <resourceVersion>`. */
  const calls: string[] = [];
  const reader: ObjectReader<KubernetesObject> = {
    get: () => Promise.reject(new Error('an informer never gets')),
    async list(): Promise<ObjectList<KubernetesObject>> {
      calls.push('list');
      const next = lists.shift();
      if (next === undefined) throw new Error('the script has no more lists');
      if (next instanceof Error) throw next;
      return { items: next.items, resourceVersion: String(next.version) };
    },
    async *watch({ resourceVersion, signal }: WatchOptions) {
      calls.push(`watch ${resourceVersion}`);
      for (const event of watches.shift() ?? []) {
        if (event === 'end') return;
        if (event instanceof Error) throw event;
        yield event;
      }
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  return { reader, calls };
}
