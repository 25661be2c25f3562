// Are these the official files? By the catalog's checksums, or by the receipt that an earlier fetch left beside them.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { StandardFile } from './catalog/index.ts';
import { displayName } from './directory.ts';
import { digestFile } from './sources/index.ts';
import { listFiles } from './standard-files.ts';
import { openStore, storeSettings } from './stores/index.ts';

const RECEIPT = 'fetched.json';

/** Written after a checked fetch: what lay there then. It stands in where only an archive has an official checksum. */
const Receipt = z.object({
  source: z.string(),
  /** sha256 of each file as it lies there, by its name in the directory */
  files: z.record(z.string(), z.string()),
});
export type Receipt = z.infer<typeof Receipt>;

export type Verdict =
  | {
      readonly ok: true;
      /** standard name -> path */
      readonly found: ReadonlyMap<string, string>;
    }
  | { readonly ok: false; readonly reason: string };

/** Checks that all files are there and are what they should be; the reason names the first that is not. */
export async function verifyDirectory(
  directory: string,
  files: readonly StandardFile[],
  signal: AbortSignal,
): Promise<Verdict> {
  const { found, missing } = await listFiles(
    openStore(directory, storeSettings({})),
    files,
    signal,
  );
  if (missing.length > 0) {
    return { ok: false, reason: `lacks ${missing.map(displayName).join(', ')}` };
  }
  const receipt = await readReceipt(directory);
  for (const file of files) {
    const path = found.get(file.name)?.path ?? file.name;
    const reason = await findFault(path, file, { receipt, signal });
    if (reason !== undefined) return { ok: false, reason: `${path} ${reason}` };
  }
  return { ok: true, found: new Map(Array.from(found, ([name, { path }]) => [name, path])) };
}

/** Records, beside files that were just checked, their digests. Returns the receipt's path. */
export async function writeReceipt(
  directory: string,
  fetched: { readonly source: string; readonly paths: Iterable<string> },
  signal: AbortSignal,
): Promise<string> {
  const files: Record<string, string> = {};
  for (const path of fetched.paths) {
    files[basename(path)] = await digestFile(path, 'sha256', { unpack: false, signal });
  }
  const receipt: Receipt = { source: fetched.source, files };
  const path = join(directory, RECEIPT);
  await writeFile(path, `${JSON.stringify(receipt, null, 2)}\n`);
  return path;
}

interface Evidence {
  readonly receipt: Receipt | undefined;
  readonly signal: AbortSignal;
}

/** Undefined when the file is right, or when nothing but its size can be checked and that is right. */
async function findFault(path: string, file: StandardFile, { receipt, signal }: Evidence) {
  if (file.isFolder) return undefined;
  const isPacked = path.endsWith('.gz');
  const checksum = file.content ?? (isPacked ? file.packed : undefined);
  if (checksum !== undefined) {
    const unpack = isPacked && checksum === file.content;
    const got = await digestFile(path, checksum.algorithm, { unpack, signal }).catch(unreadable);
    signal.throwIfAborted();
    if (got === checksum.value) return undefined;
    return `has ${checksum.algorithm} ${got} in place of ${checksum.value}`;
  }
  const recorded = receipt?.files[basename(path)];
  if (recorded !== undefined) {
    const got = await digestFile(path, 'sha256', { unpack: false, signal });
    return got === recorded ? undefined : `has sha256 ${got} in place of ${recorded}`;
  }
  const { size } = await stat(path);
  return size === file.bytes ? undefined : `has ${size} bytes in place of ${file.bytes}`;
}

/** What gunzip says of a damaged file takes the place of its digest. */
function unreadable(error: unknown): string {
  return `(${error instanceof Error ? error.message : String(error)})`;
}

async function readReceipt(directory: string): Promise<Receipt | undefined> {
  const text = await readFile(join(directory, RECEIPT), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Receipt.parse(JSON.parse(text));
  } catch {
    return undefined; // A receipt nobody can read vouches for nothing; the catalog's checksums decide.
  }
}
