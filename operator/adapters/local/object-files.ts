// Objects in a folder: one JSON file each at `<plural>.<group>/<namespace>/<name>.json`. The content names the object, not the path.
import { createHash } from 'node:crypto';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger, ObjectKey, ObjectKind } from '../../runtime/index.ts';
import { isTemporary, makeFolder, removeDurably, writeDurably } from './durable-file.ts';
import type { LiveObject } from './object-changes.ts';

/** A file that is not ours to guess at: someone edited it, or the disk lost it. */
export class UnreadableObjectError extends Error {
  override readonly name = 'UnreadableObjectError';
}

/** Longer names would pass a file system's 255 bytes with our prefix and suffix. */
const LONGEST_NAME = 200;

export class ObjectFiles {
  readonly #directory: string;
  readonly #folders = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(kind: ObjectKind, key: ObjectKey, object: LiveObject): Promise<void> {
    const file = this.#file(kind, key);
    const folder = dirname(file);
    if (!this.#folders.has(folder)) {
      await makeFolder(folder);
      this.#folders.add(folder);
    }
    await writeDurably(file, `${JSON.stringify(object, null, 2)}\n`);
  }

  async remove(kind: ObjectKind, key: ObjectKey): Promise<void> {
    await removeDurably(this.#file(kind, key));
  }

  /** Every object of a kind. Half-written files of a crash are removed: nobody was told that they were written. */
  async load(kind: ObjectKind, logger: Logger): Promise<LiveObject[]> {
    const folder = this.#folder(kind);
    const objects: LiveObject[] = [];
    for (const file of await filesUnder(folder)) {
      if (isTemporary(file)) {
        logger.info('Removing a half-written object', { file });
        await unlink(file);
      } else if (file.endsWith('.json')) {
        objects.push(await readObject(file, kind));
      }
    }
    return objects;
  }

  #folder({ apiVersion, plural }: ObjectKind): string {
    const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
    return join(this.#directory, `${plural}${group}`);
  }

  #file(kind: ObjectKind, { namespace, name }: ObjectKey): string {
    const short =
      name.length <= LONGEST_NAME
        ? name
        : `${name.slice(0, 100)}-${createHash('sha256').update(name).digest('hex')}`;
    return join(this.#folder(kind), namespace, `${short}.json`);
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readObject(file: string, { apiVersion, kind }: ObjectKind): Promise<LiveObject> {
  try {
    const object = JSON.parse(await readFile(file, 'utf8')) as LiveObject;
    const { uid, resourceVersion, name } = object.metadata;
    if (
      object.apiVersion === apiVersion &&
      object.kind === kind &&
      uid &&
      resourceVersion &&
      name
    ) {
      return object;
    }
  } catch (error) {
    throw new UnreadableObjectError(`${file}: expected JSON of a ${kind}; mend or remove it`, {
      cause: error,
    });
  }
  throw new UnreadableObjectError(
    `${file}: expected a ${apiVersion} ${kind} with name, uid and resourceVersion; mend or remove it`,
  );
}
