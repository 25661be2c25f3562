// A store in a directory: a local disk, a mounted PersistentVolumeClaim.
import { readFile } from 'node:fs';
import { mkdir, open, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type GetOptions,
  type Store,
  type StoredEntry,
  StoreError,
  type StoreFault,
  type StoreKind,
} from './store.ts';

export const directoryStore: StoreKind = {
  takes: (place) => !place.includes('://'),
  open: (place) => new DirectoryStore(place),
};

class DirectoryStore implements Store {
  readonly title: string;
  readonly grain = 4096;

  constructor(path: string) {
    this.title = path.endsWith('/') ? path : `${path}/`;
  }

  async list(folder: string): Promise<readonly StoredEntry[]> {
    const path = join(this.title, folder);
    const entries = await told(path, () => readdir(path, { withFileTypes: true }));
    const seen = await Promise.all(
      entries
        .filter(({ name }) => !name.startsWith('.'))
        .map(async (entry) => ({
          name: entry.name,
          isFolder:
            entry.isDirectory() ||
            (entry.isSymbolicLink() && (await leadsToFolder(path, entry.name))),
        })),
    );
    return seen.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async get(name: string, { range, signal }: GetOptions = {}): Promise<Uint8Array> {
    const path = join(this.title, name);
    if (range === undefined) return told(path, () => readWhole(path, signal), signal);
    const read = async () => {
      const file = await open(path);
      try {
        const { from, to } = range;
        const bytes = new Uint8Array(to - from);
        for (let at = 0; at < bytes.length; ) {
          signal?.throwIfAborted();
          const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
          if (bytesRead === 0)
            throw new StoreError(path, {
              fault: 'short',
              got: `expected bytes ${from} to ${to}, got the end of the file after ${from + at}`,
            });
          at += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    };
    return told(path, read, signal);
  }

  async size(name: string): Promise<number | undefined> {
    const path = join(this.title, name);
    const entry = await stat(path).catch(() => undefined);
    return entry?.isFile() ? entry.size : undefined;
  }

  async put(name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const path = join(this.title, name);
    const part = join(dirname(path), `.${basename(path)}.part`);
    const write = async () => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(part, bytes, { flush: true, ...(signal ? { signal } : {}) });
      await rename(part, path);
    };
    await told(path, write, signal);
  }
}

/** By the function with a callback: it makes no handle, which takes as long as all the rest. */
function readWhole(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  readFile(path, signal ? { signal } : {}, (error, bytes) => {
    if (error) reject(error);
    else resolve(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
  return promise;
}

const leadsToFolder = (path: string, name: string): Promise<boolean> =>
  stat(join(path, name)).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

const FAULTS: Readonly<Record<string, StoreFault>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
};

/** The disk's refusals as the store's. */
async function told<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    if (code === undefined || cause instanceof StoreError) throw cause;
    throw new StoreError(path, {
      fault: FAULTS[code] ?? 'unreachable',
      got: (cause as Error).message,
      cause,
    });
  }
}
