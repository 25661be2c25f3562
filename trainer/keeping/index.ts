// Door of keeping: where the files of a trial are written, and what they outlive it on, by `checkpoints.place` of its spec.
import { join } from 'node:path';
import { type Trial, USUAL_CHECKPOINTS } from '../../crds/index.ts';
import type { StoreSettings } from '../data/index.ts';
import { inPlace, type Keeper } from '../training/index.ts';
import { S3Shelf } from './s3-shelf.ts';
import { ShelfKeeper } from './shelf-keeper.ts';

export type { Putting, Shelf, Urgency } from './shelf.ts';
export { ShelfKeeper } from './shelf-keeper.ts';

export interface Kept {
  /** Where the trainer writes. */
  readonly directory: string;
  readonly keeper: Keeper;
}

export interface KeepingOptions {
  /** Of this attempt. */
  readonly directory: string;
  /** Where no place is named; of so many versions. */
  readonly usual: (keep: number) => Keeper;
  readonly stores: StoreSettings;
  readonly log: (line: string) => void;
  /** The trainer is asked to end. */
  readonly signal: AbortSignal;
}

/** In a directory that stays trainers work in place: a folder a search, and one a trial in it. */
export function keptBy({ metadata, spec }: Trial, options: KeepingOptions): Kept {
  const { directory, usual, ...others } = options;
  const { place, keep } = spec.checkpoints ?? USUAL_CHECKPOINTS;
  if (place === undefined) return { directory, keeper: usual(keep) };
  const folder = `${spec.search}/${metadata.name}-${metadata.uid ?? 'unnamed'}`;
  if (!place.startsWith('s3://')) return { directory: join(place, folder), keeper: inPlace };
  const shelf = new S3Shelf({ place, folder, keep, ...others });
  return { directory, keeper: new ShelfKeeper(shelf, options.log) };
}
