// What lies beside packed tar archives: manifest.json for the whole, and an index of each. Written by tar.ts, read by packed.ts.
import { createHash } from 'node:crypto';
import { z } from 'zod';

export const MANIFEST = 'manifest.json';

const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Name = z.string().regex(/^[a-z]+-\d{6}\.(tar|json)$/);

/** Pictures that were not packed as they came. */
export const Kinds = z.strictObject({
  /** Corrupt or cut off, or no pictures at all: not packed. */
  leftOut: Count,
  /** Packed as RGB. */
  grey: Count,
  cmyk: Count,
});
export type Kinds = z.infer<typeof Kinds>;

/** A picture that was left out, by its path. */
export const LeftOut = z.strictObject({ picture: z.string(), reason: z.string() });
export type LeftOut = z.infer<typeof LeftOut>;

export const ShardIndex = z.strictObject({
  /** Digest of what was to be packed and how. */
  identity: Sha256,
  bytes: Count,
  sha256: Sha256,
  /** Of each picture: where its bytes begin, how many, its class, its CRC-32. */
  from: z.array(Count),
  length: z.array(Count),
  labels: z.array(Count),
  sums: z.array(Count),
  kinds: Kinds,
  leftOut: z.array(LeftOut),
});
export type ShardIndex = z.infer<typeof ShardIndex>;

const Part = z.strictObject({
  pictures: Count,
  kinds: Kinds,
  shards: z.array(
    z.strictObject({
      name: Name,
      index: Name,
      pictures: Count,
      bytes: Count,
      sha256: Sha256,
      indexSha256: Sha256,
    }),
  ),
});

export const PackManifest = z.strictObject({
  kind: z.literal('bionas-pack'),
  version: z.literal(1),
  /** Pixels of the shorter side, at most. */
  side: z.int().min(1),
  /** In the order of the labels. */
  classes: z.array(z.string()).min(1),
  parts: z.strictObject({ train: Part, test: Part }),
});
export type PackManifest = z.infer<typeof PackManifest>;
export type PackedPart = z.infer<typeof Part>;

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
