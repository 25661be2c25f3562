// The interface of a place that data sets come from, and what `fetch` lends it.
// Members: http-files.ts, http-archive.ts, debian-package.ts, registered.ts. Each leaves the standard files in a staging directory.
import type { CommandRunner } from './command.ts';

export type FetchProgress =
  | { readonly kind: 'trying'; readonly source: string }
  | {
      readonly kind: 'receiving';
      readonly source: string;
      readonly file: string;
      /** bytes */
      readonly received: number;
      /** bytes, when the sender says so */
      readonly total?: number;
    }
  | { readonly kind: 'failed'; readonly source: string; readonly reason: string };

/** How long to wait for others, in milliseconds. */
export interface FetchPatience {
  /** Until an HTTP answer begins. */
  readonly connect: number;
  /** Between two pieces of an answer. */
  readonly idle: number;
  /** For one command of the package manager. */
  readonly command: number;
}

export interface FetchContext {
  /** Empty; what lies in it afterwards is checked and moved into the cache. */
  readonly staging: string;
  /** The data set's place in the cache: an archive that a person put there is used. */
  readonly cached: string;
  readonly signal: AbortSignal;
  readonly patience: FetchPatience;
  readonly run: CommandRunner;
  readonly onProgress: (progress: FetchProgress) => void;
}

export interface DatasetSource {
  /** Names the place in messages. */
  readonly title: string;
  /** What a person can do to the same end; `directory` is where `fetch` looks first. */
  byHand(directory: string): string;
  /** Fills `context.staging` or throws SourceError (source-error.ts); rethrows the signal's reason when it is aborted. */
  obtain(context: FetchContext): Promise<void>;
}
