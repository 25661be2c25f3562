// A client whose writes the informer knows before the caller goes on: the staleness guard of a controller. The next reconcile
// sees what the last one wrote, though the watch may lag. A write whose answer was lost stays unknown until the watch tells it.
import type { Informer } from './informer.ts';
import type { KubernetesObject, Live } from './object.ts';
import type { ObjectClient } from './object-client.ts';

/** What `writeThrough` needs of an informer. */
type Known<T extends KubernetesObject> = Pick<Informer<T>, 'cache' | 'wrote' | 'deleted'>;

export function writeThrough<T extends KubernetesObject>(
  client: ObjectClient<T>,
  informer: Known<T>,
): ObjectClient<T> {
  const taken = (object: Live<T>): Live<T> => {
    informer.wrote(object);
    return object;
  };
  return {
    get: (key) => client.get(key),
    list: (options) => client.list(options),
    watch: (options) => client.watch(options),
    create: async (object) => taken(await client.create(object)),
    patch: async (key, patch, conditions) => taken(await client.patch(key, patch, conditions)),
    patchStatus: async (key, status, conditions) =>
      taken(await client.patchStatus(key, status, conditions)),
    async delete(key, options) {
      const uid = options?.uid ?? informer.cache.get(key)?.metadata.uid;
      await client.delete(key, options);
      if (uid !== undefined) informer.deleted(key, uid);
    },
  };
}
