// Puts the manifest's search into the store: created, or updated in the fields that may change while it runs.
import { isDeepStrictEqual } from 'node:util';
import { type BioNASSearch, type BioNASSearchSpec, MUTABLE_FIELDS } from '../../crds/index.ts';
import { isTrue } from '../../operator/reconcilers/index.ts';
import { type Live, NotFoundError, type ObjectClient } from '../../operator/runtime/index.ts';
import { complete } from './stored-search.ts';

/** The manifest asks for another search than the one that lies in the directory. */
export class SearchChangedError extends Error {
  override readonly name = 'SearchChangedError';
  readonly exitCode = 2;
}

const MUTABLE: readonly string[] = MUTABLE_FIELDS;

export async function applySearch(
  client: ObjectClient<BioNASSearch>,
  manifest: BioNASSearch,
): Promise<Live<BioNASSearch>> {
  const { name, namespace = '' } = manifest.metadata;
  const key = { namespace, name };
  refuseOthers((await client.list()).items, manifest);
  try {
    const current = complete(await client.get(key));
    refuseChanges(current.spec, manifest.spec);
    refuseReopening(current, manifest.spec);
    const spec = Object.fromEntries(MUTABLE_FIELDS.map((field) => [field, manifest.spec[field]]));
    return await client.patch(key, { spec });
  } catch (error) {
    if (error instanceof NotFoundError) return client.create(manifest);
    throw error;
  }
}

/** One directory, one search: two would share trainers, costs and report. */
function refuseOthers(found: readonly BioNASSearch[], { metadata }: BioNASSearch): void {
  const full = ({ name, namespace = '' }: BioNASSearch['metadata']) => `${namespace}/${name}`;
  const other = found.find((search) => full(search.metadata) !== full(metadata));
  if (other === undefined) return;
  throw new SearchChangedError(
    `another search lies in this directory: expected ${full(other.metadata)}, got ${full(metadata)}; ` +
      'use --fresh to throw it away, or another --dir',
  );
}

function refuseChanges(before: BioNASSearchSpec, after: BioNASSearchSpec): void {
  const kept = Object.keys({ ...before, ...after }).filter((field) => !MUTABLE.includes(field));
  const changed = kept.flatMap((field) =>
    differences(field, plain(fieldOf(before, field)), plain(fieldOf(after, field))),
  );
  if (changed.length === 0) return;
  throw new SearchChangedError(
    `this search was started with another spec: ${changed.join('; ')}; ` +
      'use --fresh to start over, or another --dir',
  );
}

/** What has ended stays as it is: more budget would be taken and never spent. */
function refuseReopening({ spec, status }: BioNASSearch, after: BioNASSearchSpec): void {
  const { conditions } = status ?? {};
  if (!isTrue(conditions, 'Completed') && !isTrue(conditions, 'Failed')) return;
  const changed = differences('budget', plain(spec.budget), plain(after.budget));
  if (changed.length === 0) return;
  throw new SearchChangedError(
    `this search has ended, and another budget does not reopen it: ${changed.join('; ')}; ` +
      'use --fresh to start over, or another --dir',
  );
}

/** The innermost fields that differ, one text each. */
function differences(path: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after))
    return [`spec.${path}: expected ${text(before)}, got ${text(after)}`];
  return Object.keys({ ...before, ...after }).flatMap((name) =>
    differences(`${path}.${name}`, before[name], after[name]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldOf = (spec: object, name: string): unknown => Reflect.get(spec, name);

/** As it comes back from a file: without undefined fields. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
