// Door of the places that data sets are read from.
import { directoryStore } from './directory.ts';
import { httpStore } from './http.ts';
import { s3Store } from './s3.ts';
import { type Store, StoreError, type StoreKind, type StoreSettings } from './store.ts';

export { chunksOf } from './files.ts';
export { storeSettings } from './settings.ts';
export { type Store, type StoredEntry, StoreError, type StoreSettings } from './store.ts';

const KINDS: readonly StoreKind[] = [directoryStore, httpStore, s3Store];

/** The store at a directory's path, https://HOST/..., http://HOST/... or s3://BUCKET/PREFIX. */
export function openStore(place: string, settings: StoreSettings): Store {
  const kind = KINDS.find((one) => one.takes(place));
  if (kind === undefined)
    throw new StoreError(place, {
      fault: 'unable',
      got: 'expected the path of a directory, https://, http:// or s3://BUCKET',
    });
  return kind.open(place, settings);
}
