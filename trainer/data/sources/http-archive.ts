// A source that serves all standard files in one .tar.gz, such as the CIFAR home page.
// An archive that a person has put into the cache is taken instead of a download when its checksum is right.
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, openBytes } from '../formats/index.ts';
import { type Checksum, digestFile } from './checksum.ts';
import { download } from './download.ts';
import type { DatasetSource, FetchContext } from './source.ts';
import { SourceError } from './source-error.ts';
import { extractTar, type WantedMembers } from './tar.ts';

export interface HttpArchive {
  /** Ends in a slash. */
  readonly base: string;
  /** Name of the .tar.gz. */
  readonly archive: string;
  readonly checksum: Checksum;
  readonly members: WantedMembers;
}

export function httpArchive(from: HttpArchive): DatasetSource {
  const address = from.base + from.archive;
  return {
    title: address,
    byHand: (directory) => `download ${address} into ${directory} and fetch again`,
    async obtain(context) {
      const target = join(context.staging, from.archive);
      const own = join(context.cached, from.archive);
      const present = await hasArchive(own, from.checksum, context);
      if (!present) {
        await download({ address, target, checksum: from.checksum, source: address }, context);
      }
      await unpack(present ? own : target, from.members, context);
      await rm(target, { force: true });
    },
  };
}

async function hasArchive(path: string, checksum: Checksum, context: FetchContext) {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return false;
  const { signal } = context;
  const got = await digestFile(path, checksum.algorithm, { unpack: false, signal });
  return got === checksum.value;
}

async function unpack(path: string, members: WantedMembers, context: FetchContext) {
  try {
    await extractTar(await openBytes(path, context.signal), members, context.staging);
  } catch (cause) {
    context.signal.throwIfAborted();
    if (cause instanceof FormatError) throw new SourceError(cause.message, { cause });
    throw cause;
  }
}
