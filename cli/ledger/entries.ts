// The entries of a ledger, wherever it is: in a file of a local run, or on NATS.
import { type NatsPlace, natsAt } from '../nats-place.ts';
import type { Found } from './entry.ts';
import { fileEntries } from './file-entries.ts';
import { natsEntries } from './nats-entries.ts';

export interface LedgerPlace extends NatsPlace {
  /** Absent: on NATS. */
  readonly file?: string | undefined;
  /** UID of the one search to read; absent: all. */
  readonly search?: string | undefined;
}

interface Reading {
  readFile(path: string): Promise<string>;
  readonly signal: AbortSignal;
}

export async function* entriesOf(
  { file, search, ...place }: LedgerPlace,
  { readFile, signal }: Reading,
): AsyncGenerator<Found> {
  if (file !== undefined) {
    yield* fileEntries(file, await readFile(file));
    return;
  }
  yield* natsEntries({ ...natsAt(place), search }, signal);
}
