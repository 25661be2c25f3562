// Files that trials have left, by the place that their trainers name (spec.checkpoints.place): a path of this machine, or an object
// of S3. Those on NATS are cluster-nats.ts's.
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { BioNASSearch } from '../../crds/index.ts';
import { type LeftFile, PlaceError } from './place.ts';

export interface ReadingOfS3 {
  /** With the keys of S3 in it, by the names that Amazon's tools read. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Of a run: where its trainer says, else where runs keep it, for directories are moved. @throws PlaceError */
export async function localFile(
  directory: string,
  left: LeftFile,
  { search, ...reading }: { readonly search: BioNASSearch } & ReadingOfS3,
): Promise<Uint8Array | undefined> {
  const { trial, file, place } = left;
  if (place !== undefined && isOnS3(place)) {
    const why = foreignOnS3(left, search);
    if (why !== undefined) throw new PlaceError(why);
    return s3File(place, reading);
  }
  // A ledger may come from anybody: it names no other file of this machine.
  const named = place !== undefined && basename(place) === file ? [resolve(directory, place)] : [];
  for (const path of [...named, join(directory, 'trials', trial, file)]) {
    const bytes = await bytesAt(path);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}

/** Why a place on S3 is not read: trainers put files into a folder of the trial, below the place that the search names, and nowhere else. */
export function foreignOnS3(left: LeftFile, { metadata, spec }: BioNASSearch): string | undefined {
  const { trial, file, place = '' } = left;
  const root = spec.checkpoints.place?.replace(/\/+$/, '');
  if (root === undefined || !isOnS3(root)) return foreign(left, 'its spec.checkpoints.place');
  const folder = `${root}/${metadata.name}/${trial}-`;
  const isOwn =
    place.startsWith(folder) &&
    OWN_FILE.exec(place.slice(folder.length))?.groups?.['file'] === file;
  return isOwn ? undefined : foreign(left, `${folder}UID/`);
}

/** Below the trial's folder up to its UID. */
const OWN_FILE = /^[\w-]+\/(?<file>[\w.-]+)$/;

/** The trainer's image may be anybody's, and so may a ledger: by the keys of who reads them they name no file of others. */
export const foreign = ({ trial, file, place }: LeftFile, expected: string): string =>
  `${trial}: expected its ${file} in ${expected}, got ${place}, which may be another's: it is not read; copy it yourself if you trust its trainer`;

export const isOnS3 = (place: string): boolean => place.startsWith('s3://');

/** @throws PlaceError */
export async function s3File(
  place: string,
  { env, signal }: ReadingOfS3,
): Promise<Uint8Array | undefined> {
  // With it comes what reads pictures: other commands start without.
  const { openStore, StoreError, storeSettings } = await import('../../trainer/data/index.ts');
  const at = place.lastIndexOf('/');
  try {
    return await openStore(place.slice(0, at), storeSettings(env)).get(place.slice(at + 1), {
      signal,
    });
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    if (cause.fault === 'missing') return undefined;
    throw new PlaceError(
      `${cause.message}; it is read with $AWS_ACCESS_KEY_ID, $AWS_SECRET_ACCESS_KEY, $AWS_REGION and $AWS_ENDPOINT_URL_S3`,
      { cause },
    );
  }
}

async function bytesAt(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
