// Takes named files out of a tar archive (POSIX ustar), streamed; paths inside the archive are ignored.
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  ByteReader,
  type ByteSource,
  FormatError,
  readTarHeader,
  TAR_BLOCK,
  tarPadded,
} from '../formats/index.ts';

const PIECE = 64 * 1024;

/** Member name (last part of its path) -> its exact size in bytes. */
export type WantedMembers = ReadonlyMap<string, number>;

/** Writes the wanted members into `directory`. Throws FormatError when one is missing, of another size, or cut. */
export async function extractTar(
  source: ByteSource,
  wanted: WantedMembers,
  directory: string,
): Promise<void> {
  const reader = new ByteReader(source);
  const missing = new Set(wanted.keys());
  try {
    while (missing.size > 0) {
      const member = await readHeader(source, reader);
      if (member === undefined) break;
      const name = missing.delete(member.name) ? member.name : undefined;
      if (name !== undefined) checkSize(source, member, wanted.get(name));
      await copyMember(reader, member, name && join(directory, name));
    }
  } finally {
    await reader.close();
  }
  if (missing.size > 0) {
    throw new FormatError(source.path, {
      expected: `an archive with ${[...missing].join(', ')}`,
      got: 'one without',
    });
  }
}

interface Member {
  readonly name: string;
  readonly size: number;
}

/** undefined at the end-of-archive block. */
async function readHeader(source: ByteSource, reader: ByteReader): Promise<Member | undefined> {
  const block = new Uint8Array(TAR_BLOCK);
  await reader.fill(block, 'a tar header');
  const header = readTarHeader(source.path, block);
  return header && { name: basename(header.name), size: header.size };
}

function checkSize(source: ByteSource, member: Member, size: number | undefined): void {
  if (member.size === size) return;
  throw new FormatError(source.path, {
    expected: `${member.name} of ${size} bytes`,
    got: `${member.size} bytes`,
  });
}

/** Moves past a member and its padding; writes it when there is a target. */
async function copyMember(reader: ByteReader, member: Member, target: string | undefined) {
  const file = target === undefined ? undefined : await open(target, 'w');
  try {
    const piece = new Uint8Array(PIECE);
    const padded = tarPadded(member.size);
    for (let at = 0; at < padded; at += PIECE) {
      const part = piece.subarray(0, Math.min(PIECE, padded - at));
      await reader.fill(part, `the archive's ${member.name}`);
      await file?.writeFile(part.subarray(0, Math.max(0, member.size - at)));
    }
  } finally {
    await file?.close();
  }
}
