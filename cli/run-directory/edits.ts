// Edits of a local search from outside, as kubectl edits one on a cluster. A run that is under way owns its objects, so an edit is a
// file in edits/ that it takes up; where no run is, the edit is made at once.
import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BioNASSearch } from '../../crds/index.ts';
import { ObjectStore } from '../../operator/adapters/local/index.ts';
import { SEARCHES } from '../../operator/reconcilers/index.ts';
import {
  type Clock,
  ConflictError,
  keyOf,
  type MergePatch,
  type ObjectClient,
  silentLogger,
} from '../../operator/runtime/index.ts';
import { admission } from './admission.ts';
import { isRunning, takeRunDirectory } from './run-directory.ts';
import { readSearchIn } from './stored-search.ts';

export type SpecEdit = NonNullable<MergePatch<BioNASSearch>['spec']>;

export interface EditIo {
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A run is under way, and did not take the edit. */
export class EditNotTakenError extends Error {
  override readonly name = 'EditNotTakenError';
}

/** A run is under way, and refused the edit: of what it knew by then, it was a mistake. */
export class EditRefusedError extends Error {
  override readonly name = 'EditRefusedError';
}

const folderOf = (root: string): string => join(root, 'edits');
/** In the name of an edit, before the generation that it was made of. */
const AS_OF = '.as-of-';
const asOfIn = (file: string): number | undefined => {
  const [, text] = basename(file, '.json').split(AS_OF);
  return text === undefined ? undefined : Number(text);
};
const LOOK_MS = 50;
/** A run looks every quarter of a second, unless its machine is very busy. */
const PATIENCE_MS = 15_000;

/**
 * The search as it then is. With `asOf`, the generation that the edit was made of, only where that is still the one.
 * @throws NoSearchError | InvalidError | EditNotTakenError | EditRefusedError | ConflictError
 */
export async function editStoredSearch(
  root: string,
  spec: SpecEdit,
  io: EditIo,
  asOf?: number,
): Promise<BioNASSearch> {
  // A mistake is told by whoever makes it, not by the run.
  admission<BioNASSearch>('BioNASSearch')(...(await edited(root, spec)));
  const edit = { spec, asOf };
  if (await isRunning(root, io.isAlive)) await leaveEdit(root, edit, io);
  else await editAtOnce(root, edit, io);
  return readSearchIn(root);
}

interface Edit {
  readonly spec: SpecEdit;
  readonly asOf: number | undefined;
}

/** @throws ConflictError */
function refuseChanged({ metadata }: BioNASSearch, asOf: number | undefined): void {
  const { name, generation = 0 } = metadata;
  if (asOf === undefined || asOf === generation) return;
  throw new ConflictError(
    `${name}: expected generation ${asOf}, found ${generation}: somebody else has edited it`,
  );
}

async function edited(root: string, spec: SpecEdit): Promise<[BioNASSearch, BioNASSearch]> {
  const search = await readSearchIn(root);
  return [{ ...search, spec: merged(search.spec, spec) } as BioNASSearch, search];
}

/** RFC 7386, of plain data. */
function merged(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const fields = { ...(typeof value === 'object' ? value : {}) } as Record<string, unknown>;
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete fields[name];
    else if (change !== undefined) fields[name] = merged(fields[name], change);
  }
  return fields;
}

async function editAtOnce(root: string, { spec, asOf }: Edit, io: EditIo): Promise<void> {
  const directory = await takeRunDirectory(root, { ...io, fresh: false });
  try {
    const store = await ObjectStore.open({
      directory: directory.objects,
      kinds: [{ kind: SEARCHES, keep: 'disk', admit: admission('BioNASSearch') }],
      clock: io.clock,
      newUid: randomUUID,
      logger: silentLogger,
    });
    const client = store.of(SEARCHES);
    for (const search of (await client.list()).items) {
      refuseChanged(search, asOf);
      await client.patch(keyOf(search), { spec });
    }
  } finally {
    await directory.release();
  }
}

async function leaveEdit(
  root: string,
  { spec, asOf }: Edit,
  { clock, signal }: EditIo,
): Promise<void> {
  const folder = folderOf(root);
  const file = join(folder, `${randomUUID()}${asOf === undefined ? '' : `${AS_OF}${asOf}`}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.part`, JSON.stringify(spec));
  await rename(`${file}.part`, file);
  const end = clock.monotonic() + PATIENCE_MS;
  try {
    while (clock.monotonic() < end) {
      if (!(await exists(file))) return await throwRefusal(root, file, asOf);
      await clock.sleep(LOOK_MS, signal);
    }
  } finally {
    await rm(file, { force: true });
    await rm(refusalOf(file), { force: true });
  }
  throw new EditNotTakenError(
    `${root}: a run is under way there and did not take the edit within ${PATIENCE_MS / 1000} s; try again, or stop it, edit, and run it again`,
  );
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Where a run says why it did not take an edit. */
const refusalOf = (file: string): string => `${file.slice(0, -'.json'.length)}.refused`;

async function throwRefusal(root: string, file: string, asOf?: number): Promise<void> {
  if (!(await exists(refusalOf(file)))) return;
  refuseChanged(await readSearchIn(root), asOf);
  const why = await readFile(refusalOf(file), 'utf8');
  throw new EditRefusedError(`${root}: the run under way there refused the edit: ${why}`);
}

/** What a run does with the edits that were left for it. Gives why one was refused. */
export async function takeEdits(
  root: string,
  client: ObjectClient<BioNASSearch>,
  search: BioNASSearch,
): Promise<readonly string[]> {
  const folder = folderOf(root);
  const files = await readdir(folder).catch(() => []);
  const refusals: string[] = [];
  for (const name of files.filter((each) => each.endsWith('.json')).toSorted()) {
    const file = join(folder, name);
    try {
      const spec = JSON.parse(await readFile(file, 'utf8')) as SpecEdit;
      const asOf = asOfIn(name);
      if (asOf !== undefined) refuseChanged(await client.get(keyOf(search)), asOf);
      await client.patch(keyOf(search), { spec });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // Whoever left it makes another of what is there now.
      if (!(error instanceof ConflictError)) refusals.push(`an edit was refused: ${why}`);
      // Before the edit goes, which whoever left it waits for.
      await writeFile(refusalOf(file), why);
    }
    await rm(file, { force: true });
  }
  return refusals;
}
