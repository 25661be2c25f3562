// Writes to an object store without end and prints each acknowledged write; object-store.integration.test.ts kills it.
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { ObjectStore } from '../../../../operator/adapters/local/index.ts';
import {
  type KubernetesObject,
  keyOf,
  type ObjectKind,
  silentLogger,
  systemClock,
} from '../../../../operator/runtime/index.ts';

interface Entry extends KubernetesObject {
  readonly spec: { readonly size: number; readonly note: string };
  readonly status?: { readonly seen?: number };
}
const ENTRY: ObjectKind<Entry> = {
  apiVersion: 'test.bionas.dev/v1',
  kind: 'Entry',
  plural: 'entries',
  namespaced: true,
};

const [directory = '', life = '0'] = process.argv.slice(2);
const store = await ObjectStore.open({
  directory,
  kinds: [{ kind: ENTRY, keep: 'disk' }],
  clock: systemClock,
  newUid: randomUUID,
  logger: silentLogger,
});
const client = store.of(ENTRY);
// Synchronous, so that what is acknowledged is out before the next write begins.
const acknowledge = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

acknowledge({ opened: true });
for (let i = 0; ; i += 1) {
  const { apiVersion, kind } = ENTRY;
  const name = `g-${life}-${i}`;
  const made = await client.create({
    apiVersion,
    kind,
    metadata: { name, namespace: 'default' },
    spec: { size: i, note: 'x'.repeat(2000) },
  });
  acknowledge({ name, version: made.metadata.resourceVersion });
  const next = await client.patchStatus(keyOf(made), { seen: i });
  acknowledge({ name, version: next.metadata.resourceVersion });
  if (i % 3 === 2) {
    acknowledge({ deleting: name });
    await client.delete(keyOf(made));
    acknowledge({ deleted: name });
  }
}
