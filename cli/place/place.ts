// Where searches live, for whoever looks at them or edits them: run directories or a cluster. Members: local.ts, cluster.ts.
import type {
  BioNASSearch,
  BioNASSearchSpec,
  EpochMetrics,
  MUTABLE_FIELDS,
  Trial,
} from '../../crds/index.ts';
import { podName, podPlaceOf, type TrialRecord } from '../../operator/reconcilers/index.ts';
import type { MergePatch } from '../../operator/runtime/index.ts';

export interface SearchPlace {
  readonly kind: 'local' | 'cluster';
  /** All that are here, by namespace and name. Of one that cannot be read `leftOut` is told. */
  searches(leftOut?: (search: UnreadableSearch) => void): Promise<readonly FoundSearch[]>;
  /** @throws NoSearchError */
  open(search: string): Promise<FoundSearch>;
  /** From now on epochs of trials that train are heard, where nobody keeps them. */
  listen?(): void;
}

export interface UnreadableSearch {
  readonly namespace: string;
  /** Of its directory. */
  readonly name: string;
  /** Where, what was expected, what is there, and what to do. */
  readonly problem: string;
}

export interface PlacedSearch {
  readonly search: BioNASSearch;
  /** What a command takes to mean it: a directory, or a name. */
  readonly argument: string;
}

/** What may be changed of a search that runs. */
export type SearchEdit = MergePatch<Pick<BioNASSearchSpec, (typeof MUTABLE_FIELDS)[number]>>;

export interface EditUnless {
  /** Somebody else has edited it since it was read: then a ConflictError. For lists, which an edit replaces. */
  readonly changed?: boolean;
}

export interface FoundSearch extends PlacedSearch {
  /** Absolute; of a local run. */
  readonly directory?: string;
  /** Of a local run that has not ended: no process of this machine carries it out. */
  readonly interrupted?: true;
  /** As it is by now. @throws NoSuchSearchError */
  again(): Promise<FoundSearch>;
  /** Objects that are there: what has not ended, and the last ones that have. */
  trials(): Promise<readonly Trial[]>;
  /** Epochs that trials that have not ended have told of so far, where somebody keeps them. */
  liveEpochs?(): Promise<(trial: Trial) => readonly EpochMetrics[]>;
  /** Every trial that has ended, in the order of the ends; undefined where the ledger is out of reach. */
  records(): AsyncIterable<TrialRecord> | undefined;
  /** The same from a place in the ledger on, each with the place behind it, for whoever looks again and again. */
  recordsFrom(place: LedgerPlace): AsyncIterable<PlacedRecord> | undefined;
  /** Pods of a trial, by name, that are known of: the first one first, and of an attempt that of its first worker. */
  attempts(trial: string): Promise<readonly Attempt[]>;
  /** What an attempt has written; undefined where it is gone, or has not begun to write. */
  log(
    attempt: Attempt,
    signal: AbortSignal,
    reading?: LogReading,
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** What is in a file that a trial has left; undefined where it left none. @throws PlaceError where it lies out of reach */
  file(left: LeftFile, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Why it lies out of reach, and what to do; undefined where it may be had. */
  outOfReach(left: LeftFile): string | undefined;
  /** What was told of the search and its trials, oldest first. */
  events(): Promise<readonly SearchEvent[]>;
  /** What of the place itself a helper would look at: who carries the search out, and how. */
  evidence(options: EvidenceOptions): AsyncIterable<Evidence>;
  /** The search with its spec as it is then. @throws InvalidError where it is refused; ConflictError */
  edit(edit: SearchEdit, unless?: EditUnless): Promise<BioNASSearch>;
  /** The same by the right of whoever has the token; on a cluster. @throws UnauthorizedError | ForbiddenError | InvalidError */
  readonly editAs?: (edit: SearchEdit, token: string) => Promise<BioNASSearch>;
}

export interface LogReading {
  /** Only so many of the last lines. */
  readonly tailLines?: number | undefined;
  /** Goes on with what it writes until it has ended. */
  readonly follow?: boolean | undefined;
}

/** 0: the beginning. What else it means is its ledger's. */
export type LedgerPlace = number;

export interface PlacedRecord {
  readonly record: TrialRecord;
  readonly place: LedgerPlace;
}

export async function* withoutPlaces(
  records: AsyncIterable<PlacedRecord>,
): AsyncGenerator<TrialRecord> {
  for await (const { record } of records) yield record;
}

export interface Attempt {
  /** From 0. */
  readonly attempt: number;
  /** Of several: from 1; left out for the first, which speaks for the attempt. */
  readonly worker?: number;
  readonly pod: string;
  /** Of its Pod, on a cluster. */
  readonly phase?: string;
  readonly node?: string;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly message?: string;
}

/** What the first worker's Pod says of an attempt. */
export const attemptIn = (there: readonly Attempt[], attempt: number): Attempt | undefined =>
  there.find((each) => each.attempt === attempt && each.worker === undefined);

/** How many began: those that something is left of, and as many as the history counts. */
export const attemptsBegun = (there: readonly Attempt[], counted: number): number =>
  there.reduce((most, { attempt }) => Math.max(most, attempt + 1), counted);

/** One of which only its number is known. */
export const attemptGone = (trial: string, attempt: number, worker = 0): Attempt => ({
  attempt,
  pod: podName({ metadata: { name: trial } }, attempt, worker),
});

/** By its name; none where it is of another trial. */
export function attemptsBy(trial: string, pod: string): Attempt[] {
  const place = podPlaceOf(trial, pod);
  if (place === undefined) return [];
  const { attempt, rank } = place;
  return [{ attempt, ...(rank === 0 ? {} : { worker: rank }), pod }];
}

export const byAttempt = (a: Attempt, b: Attempt): number =>
  a.attempt - b.attempt || (a.worker ?? 0) - (b.worker ?? 0);

export interface LeftFile {
  /** Name of the trial. */
  readonly trial: string;
  /** One of KEPT_FILES. */
  readonly file: string;
  /** Where its trainer says that it is. */
  readonly place: string | undefined;
}

export interface SearchEvent {
  /** RFC 3339 */
  readonly time: string;
  readonly type: string;
  readonly reason: string;
  /** `Trial night-0003` */
  readonly about: string;
  readonly message: string;
}

export interface EvidenceOptions {
  /** Of a cluster. */
  readonly operatorNamespace: string;
  readonly signal: AbortSignal;
}

export interface Evidence {
  /** Of the file that it becomes. */
  readonly name: string;
  /** A text, or data. */
  readonly content?: unknown;
  /** Why it could not be had. */
  readonly problem?: string;
}

/** No search is there; says how to find one. */
export class NoSuchSearchError extends Error {
  override readonly name = 'NoSuchSearchError';
  readonly exitCode = 2;
}

/** The place cannot be asked; says what to do. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
}
