// Puts the manifest's search into the store: created, or updated in the fields that may change while it runs. Of these, one that was
// edited since (bionas suspend, resume, budget) stays as it was edited, until the manifest has another value than it had before.
import { isDeepStrictEqual } from 'node:util';
import { type BioNASSearch, type BioNASSearchSpec, MUTABLE_FIELDS } from '../../crds/index.ts';
import { isSettled } from '../../operator/reconcilers/index.ts';
import { type Live, NotFoundError, type ObjectClient } from '../../operator/runtime/index.ts';
import { complete } from '../run-directory/index.ts';

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
    const spec = withEdits(current, manifest);
    refuseReopening(current, { ...manifest.spec, ...spec });
    return await client.patch(key, { spec, metadata: { annotations: noted(manifest) } });
  } catch (error) {
    if (error instanceof NotFoundError) return client.create(withNote(manifest));
    throw error;
  }
}

/** What of the manifest may change, as it was when it was last applied: JSON. */
const APPLIED = 'bionas.dev/applied';

type Changing = Pick<BioNASSearchSpec, (typeof MUTABLE_FIELDS)[number]>;

const changing = (spec: BioNASSearchSpec): Changing =>
  Object.fromEntries(MUTABLE_FIELDS.map((field) => [field, spec[field]])) as Changing;

const noted = ({ spec }: BioNASSearch) => ({ [APPLIED]: JSON.stringify(changing(spec)) });

const withNote = (manifest: BioNASSearch): BioNASSearch => {
  const { annotations } = manifest.metadata;
  const metadata = { ...manifest.metadata, annotations: { ...annotations, ...noted(manifest) } };
  return { ...manifest, metadata };
};

function withEdits({ metadata, spec }: BioNASSearch, manifest: BioNASSearch): Changing {
  const before = lastApplied(metadata.annotations?.[APPLIED]);
  const fields = MUTABLE_FIELDS.map((field) => {
    const wanted = manifest.spec[field];
    const isOld = isDeepStrictEqual(plain(wanted), before[field]);
    return [field, isOld ? spec[field] : wanted];
  });
  return Object.fromEntries(fields) as Changing;
}

/** Nothing of an annotation that somebody else wrote. */
function lastApplied(text = '{}'): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Fields in which a search that was applied is as it was edited, and not as the manifest says. */
export const editedFields = (applied: BioNASSearch, manifest: BioNASSearch): string[] =>
  MUTABLE_FIELDS.filter(
    (field) => !isDeepStrictEqual(plain(applied.spec[field]), plain(manifest.spec[field])),
  );

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
  if (!isSettled(status?.conditions)) return;
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
