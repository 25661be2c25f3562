// Puts the manifest's search into the store: created, or updated in the fields that may change while it runs.
import { isDeepStrictEqual } from 'node:util';
import type { BioNASSearch, BioNASSearchSpec } from '../../crds/index.ts';
import { type Live, NotFoundError, type ObjectClient } from '../../operator/runtime/index.ts';

/** The manifest asks for another search than the one that lies in the directory. */
export class SearchChangedError extends Error {
  override readonly name = 'SearchChangedError';
  readonly exitCode = 2;
}

const MUTABLE: readonly (keyof BioNASSearchSpec)[] = ['budget', 'parallelism', 'suspend'];

export async function applySearch(
  client: ObjectClient<BioNASSearch>,
  manifest: BioNASSearch,
): Promise<Live<BioNASSearch>> {
  const { name, namespace = '' } = manifest.metadata;
  const key = { namespace, name };
  try {
    const { spec } = await client.get(key);
    refuseChanges(spec, manifest.spec);
    const { budget, parallelism, suspend } = manifest.spec;
    return await client.patch(key, { spec: { budget, parallelism, suspend } });
  } catch (error) {
    if (error instanceof NotFoundError) return client.create(manifest);
    throw error;
  }
}

function refuseChanges(before: BioNASSearchSpec, after: BioNASSearchSpec): void {
  const fields = Object.keys({ ...before, ...after }) as (keyof BioNASSearchSpec)[];
  const changed = fields.find(
    (field) =>
      !MUTABLE.includes(field) && !isDeepStrictEqual(plain(before[field]), plain(after[field])),
  );
  if (changed === undefined) return;
  throw new SearchChangedError(
    `spec.${changed} is not what this search was started with: expected ${text(before[changed])}, ` +
      `got ${text(after[changed])}; use --fresh to start over, or another --dir`,
  );
}

/** As it comes back from a file: without undefined fields. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
