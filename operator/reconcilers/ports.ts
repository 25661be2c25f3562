// What the reconcilers need of the outside, besides objects and time. Adapters provide it; see adapters/.
import type { Objective, WarmStartSearch } from '../../crds/index.ts';
import type { TakenResult } from '../search/index.ts';

/** One message. It comes again until it is acknowledged, so handling it must be idempotent. */
export interface Delivery {
  readonly subject: string;
  /** As the sender made it: untrusted, to be parsed. */
  readonly data: unknown;
  /** W3C Trace Context of the sender, untrusted as well. */
  readonly traceparent?: string | undefined;
  /** Call after what the message caused is written. Later calls do nothing. */
  ack(): void;
  /** Instead of ack: it comes again in a while. Left out where it cannot, or has come often enough. */
  again?: (() => void) | undefined;
}

export interface Bus {
  /**
   * Messages whose subject matches, those kept from before first. NATS patterns: `*` is one token, a last `>` the rest.
   * Ends when the signal aborts; what was not acknowledged stays for the next subscriber.
   */
  subscribe(subject: string, signal: AbortSignal): AsyncIterable<Delivery>;
  /**
   * Since when messages have come without a gap, in ms since 1970; undefined while they do not. Left out where nothing can
   * come in between.
   */
  hearingSince?(): number | undefined;
}

/** A record and its place in the ledger. */
export interface LedgerEntry {
  /** Grows from record to record, from 1. */
  readonly sequence: number;
  readonly record: unknown;
}

/** An append-only history of searches that outlives objects (design D3). A search is named by its UID. */
export interface Ledger {
  /**
   * Appends directly behind the record of sequence `after`, 0 where there is none yet. Resolves once the record is durable,
   * to its sequence; to undefined where the history of the search does not end there: somebody else has appended to it, or
   * it was lost, so read it again.
   */
  append(search: string, record: unknown, after: number): Promise<number | undefined>;
  /** The records of a search, in the order of appending. */
  read(search: string): AsyncIterable<LedgerEntry>;
}

/** What one search says of itself to another that is to begin from it. */
export interface OtherSearch {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** Whether it has ended, or does not go on by itself. */
  readonly settled: boolean;
  readonly objectives: readonly Objective[];
  /** Texts of networks, best first. */
  readonly best: readonly string[];
  /** The same, of those that none beats in every objective. */
  readonly pareto: readonly string[];
  /** What it scored, in the order of the ends, where that was asked for. */
  readonly scored: readonly TakenResult[];
}

/** Searches that others may begin from. */
export interface OtherSearches {
  /** What is found for those of a namespace; `missing` says why nothing is: it is not there, or not for them to read. */
  find(
    search: { readonly namespace: string; readonly name: string },
    reader: { readonly namespace: string; readonly take: WarmStartSearch['take'] },
  ): Promise<OtherSearch | { readonly missing: string }>;
}

/** What searches, named by their UIDs, keep outside the API: history, checkpoints, reports on their way. */
export interface Leftovers {
  /** Removes all that a search keeps. Resolves also where there is nothing. */
  forget(search: string): Promise<void>;
  /** Searches for which something is kept. */
  searches(): Promise<readonly string[]>;
}
