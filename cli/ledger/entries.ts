// The entries of a ledger, wherever it is: in a file of a local run, or on NATS.
import type { Found } from './entry.ts';
import { fileEntries } from './file-entries.ts';
import { natsEntries } from './nats-entries.ts';

export interface LedgerPlace {
  /** Absent: on NATS. */
  readonly file?: string | undefined;
  readonly nats: string;
  readonly natsCreds?: string | undefined;
  /** UID of the one search to read; absent: all. */
  readonly search?: string | undefined;
}

interface Reading {
  readFile(path: string): Promise<string>;
  readonly signal: AbortSignal;
}

export async function* entriesOf(
  { file, nats: url, natsCreds: credsFile, search }: LedgerPlace,
  { readFile, signal }: Reading,
): AsyncGenerator<Found> {
  if (file === undefined) yield* natsEntries({ url, credsFile, search }, signal);
  else yield* fileEntries(file, await readFile(file));
}
