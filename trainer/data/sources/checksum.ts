// Digests of files, streamed.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

export interface Checksum {
  readonly algorithm: 'md5' | 'sha256';
  /** lower-case hexadecimal */
  readonly value: string;
}

/** Digest of the file as it lies there, or of what a `.gz` unpacks to. */
export async function digestFile(
  path: string,
  algorithm: Checksum['algorithm'],
  options: { readonly unpack: boolean; readonly signal: AbortSignal },
): Promise<string> {
  const hash = createHash(algorithm);
  const file = createReadStream(path);
  if (options.unpack) await pipeline(file, createGunzip(), hash, { signal: options.signal });
  else await pipeline(file, hash, { signal: options.signal });
  return hash.digest('hex');
}
