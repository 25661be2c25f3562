// An entry of a ledger as it was found, before anyone believes it.

export interface Entry {
  /** Where it stands, for messages: `runs/night/ledger.jsonl:3`. */
  readonly place: string;
  /** UID of the search under which it was put there. */
  readonly search: string;
  /** JSON, to be parsed as a record. */
  readonly record: unknown;
}

/** A place that holds no entry, and why. */
export interface Unreadable {
  readonly place: string;
  readonly problem: string;
}

export type Found = Entry | Unreadable;
