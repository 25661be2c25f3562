// Writes and reads the files of one trial in a bucket (crds/v1alpha1/kept-files.ts says where): by nothing but messages on
// subjects of its own and direct gets of them, which a server can allow one by one. The form is that of NATS' object store,
// whose own library would also purge and make consumers, of any subject, and so must not be a trainer's.
import { createHash } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import {
  bucketStream,
  type KeptFile,
  metaSubject,
  objectName,
  versionOf,
} from '../../crds/index.ts';

/** What was read is not what was written: it is written anew just now, or somebody else wrote it. */
export class TornObjectError extends Error {
  override readonly name = 'TornObjectError';
}

/** Where a version is, and what it must be. */
const Version = z.object({
  nuid: z.string(),
  chunks: z.int().min(0),
  digest: z.string(),
});
type Version = z.infer<typeof Version>;

/** What the object store says of a file, as far as it is read. */
const Info = Version.extend({ metadata: z.record(z.string(), z.string()).default({}) });
type Info = z.infer<typeof Info>;

const CHUNK_BYTES = 128 * 1024;
const ANSWER_MS = 5_000;
/** How many chunks the largest of the versions has had: those beyond a smaller one are emptied. */
const MOST = 'bionas.dev/most-chunks';
/** The versions before the last, the newest first. */
const BEFORE = 'bionas.dev/before';
/** As many as there can be, of checkpoints.keep. */
const SLOTS = Array.from({ length: 10 }, (_, slot) => slot);

export interface ObjectPutting {
  /** Versions; 2 by default. */
  readonly keep?: number;
  /** The last one is damaged. */
  readonly replaces?: boolean;
}

/**
 * Writes beside the last version, which counts until all of this one is there. Of `keep` versions the oldest makes room, or the last
 * one where this one replaces it: while it is written, there is one less.
 */
export async function putObject(
  connection: NatsConnection,
  kept: KeptFile,
  bytes: AsyncIterable<Buffer>,
  { keep = 2, replaces = false }: ObjectPutting = {},
): Promise<void> {
  const publish = (subject: string, data: Uint8Array | string = '') =>
    jetstream(connection).publish(subject, data, { timeout: ANSWER_MS });
  const before = await infoOf(connection, kept).catch(unlessTorn);
  const there = before === undefined ? [] : versionsIn(before);
  const earlier = (replaces ? there.slice(1) : there).slice(0, keep - 1);
  const version = freeSlot(kept, remaining(there, keep, replaces));
  const chunkSubject = (i: number) => `$O.${kept.bucket}.C.${version}.${i}`;
  const hash = createHash('sha256');
  let size = 0;
  let chunks = 0;
  for await (const chunk of inChunks(bytes)) {
    hash.update(chunk);
    size += chunk.length;
    await publish(chunkSubject(chunks), chunk);
    chunks += 1;
  }
  const most = Math.max(chunks, Number(before?.metadata[MOST] ?? 0) || 0);
  for (let i = chunks; i < most; i += 1) await publish(chunkSubject(i));
  const info = {
    name: objectName(kept),
    bucket: kept.bucket,
    nuid: `${version}.*`,
    size,
    chunks,
    mtime: new Date().toISOString(),
    digest: digestText(hash.digest('base64')),
    deleted: false,
    options: { max_chunk_size: CHUNK_BYTES },
    metadata: { [MOST]: `${most}`, [BEFORE]: JSON.stringify(earlier) },
  };
  await publish(metaSubject(kept), JSON.stringify(info));
}

export interface ObjectGetting {
  /** So many versions before the last. */
  readonly age?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The last version, or one before it; undefined where it was not kept. @throws TornObjectError */
export async function getObject(
  connection: NatsConnection,
  kept: KeptFile,
  { age = 0, signal }: ObjectGetting = {},
): Promise<Uint8Array | undefined> {
  const said = await infoOf(connection, kept);
  const info = said === undefined ? undefined : versionsIn(said)[age];
  if (info === undefined) return undefined;
  const version = SLOTS.map((slot) => versionOf(kept, slot)).find(
    (each) => info.nuid === `${each}.*`,
  );
  if (version === undefined) throw torn(kept, `its chunks at ${info.nuid}`);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < info.chunks; i += 1) {
    signal?.throwIfAborted();
    const part = await last(connection, kept.bucket, `$O.${kept.bucket}.C.${version}.${i}`);
    if (part === undefined) throw torn(kept, `no chunk ${i} of ${info.chunks}`);
    parts.push(part);
  }
  const content = Buffer.concat(parts);
  const found = digestText(createHash('sha256').update(content).digest('base64'));
  if (found !== info.digest) throw torn(kept, `${content.length} bytes of another digest`);
  return content;
}

/** The newest first. What is said of those before it counts only where it can be read. */
function versionsIn({ metadata, ...last }: Info): Version[] {
  try {
    return [last, ...z.array(Version).parse(JSON.parse(metadata[BEFORE] ?? '[]'))];
  } catch {
    return [last];
  }
}

/** Those that stay whole while another is written beside them, in as many places as there are versions, and two at least. */
function remaining(there: readonly Version[], keep: number, replaces: boolean): readonly Version[] {
  const places = Math.max(2, keep) - 1;
  if (there.length <= places) return there;
  return replaces ? there.slice(1) : there.slice(0, places);
}

/** Where none of these versions is. */
function freeSlot(kept: KeptFile, taken: readonly Version[]): string {
  const slots = SLOTS.map((slot) => versionOf(kept, slot));
  const free = slots.find((slot) => taken.every(({ nuid }) => nuid !== `${slot}.*`));
  return free ?? versionOf(kept, 0);
}

const torn = (kept: KeptFile, found: string): TornObjectError =>
  new TornObjectError(`${objectName(kept)}: expected one whole version, found ${found}`);

/** Where nothing can be read of what was kept, a new version begins anew. */
function unlessTorn(error: unknown): undefined {
  if (!(error instanceof TornObjectError)) throw error;
}

async function infoOf(connection: NatsConnection, kept: KeptFile): Promise<Info | undefined> {
  const text = await last(connection, kept.bucket, metaSubject(kept));
  if (text === undefined) return undefined;
  try {
    return Info.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch (cause) {
    throw new TornObjectError(`${objectName(kept)}: what is said of it cannot be read`, { cause });
  }
}

/** The last message of a subject; undefined where there is none. */
async function last(
  connection: NatsConnection,
  bucket: string,
  subject: string,
): Promise<Uint8Array | undefined> {
  const { direct } = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
  const message = await direct.getMessage(bucketStream(bucket), { last_by_subj: subject });
  return message?.data;
}

/** All of CHUNK_BYTES, but the last. */
async function* inChunks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const more of bytes) {
    rest = Buffer.concat([rest, more]);
    for (; rest.length >= CHUNK_BYTES; rest = rest.subarray(CHUNK_BYTES))
      yield rest.subarray(0, CHUNK_BYTES);
  }
  if (rest.length > 0) yield rest;
}

/** Base64 of the URL's alphabet, padded. */
const digestText = (base64: string): string =>
  `SHA-256=${base64.replaceAll('+', '-').replaceAll('/', '_')}`;
