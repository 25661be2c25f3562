// The interface of what photographs are packed into. Members: tar.ts, parquet.ts.
import type { Store } from '../stores/index.ts';
import type { Kinds, LeftOut } from './manifest.ts';

export const PARTS = ['train', 'test'] as const;
export type PartName = (typeof PARTS)[number];

/** Which shard of a part, from 0, and of how many. */
export interface ShardPlace {
  readonly part: PartName;
  readonly number: number;
  readonly of: number;
}

/** A shard's small pictures in their order, and what became of the others. */
export interface ShardContents {
  readonly pictures: readonly {
    /** Digits that no other picture of the part has. */
    readonly key: string;
    readonly bytes: Uint8Array;
    readonly label: number;
  }[];
  readonly kinds: Kinds;
  readonly leftOut: readonly LeftOut[];
}

/** A file of the part, as manifests tell of it; forms may say more. */
export interface ShardEntry {
  readonly name: string;
  readonly pictures: number;
  readonly bytes: number;
}

export interface ShardRecord extends Pick<ShardContents, 'kinds' | 'leftOut'> {
  readonly entry: ShardEntry;
}

export interface PackSummary {
  /** Pixels of the shorter side, at most. */
  readonly side: number;
  /** In the order of the labels. */
  readonly classes: readonly string[];
  readonly parts: Readonly<
    Record<
      PartName,
      { readonly pictures: number; readonly kinds: Kinds; readonly shards: readonly ShardEntry[] }
    >
  >;
}

/** What was to be packed and how, as a digest: shards of another are not gone on with. */
export interface PackTarget {
  readonly store: Store;
  readonly identity: string;
  readonly classes: readonly string[];
  readonly signal: AbortSignal | undefined;
}

export interface PackForm {
  /** The shard that an earlier run has written whole. Throws PackError where that was another. */
  find(target: PackTarget, shard: ShardPlace): Promise<ShardRecord | undefined>;
  /** Whole or not at all. Memory: a few times the shard. */
  write(target: PackTarget, shard: ShardPlace, contents: ShardContents): Promise<ShardRecord>;
  /** When all shards are there. */
  finish(store: Store, summary: PackSummary, signal: AbortSignal | undefined): Promise<void>;
}

/** The target cannot be packed into, or holds something else. */
export class PackError extends Error {
  override readonly name = 'PackError';
}

export const otherShard = (path: string): PackError =>
  new PackError(
    `${path}: expected a shard of these pictures and settings, got another. ` +
      'Pack into an empty place, or with the settings that were used there.',
  );
