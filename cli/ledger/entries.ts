// The entries of a ledger, wherever it is: in a file of a local run, or on NATS.
import type { Command } from 'commander';
import type { Found } from './entry.ts';
import { fileEntries } from './file-entries.ts';
import { natsEntries } from './nats-entries.ts';

export interface LedgerPlace {
  /** Absent: on NATS. */
  readonly file?: string | undefined;
  readonly nats: string;
  /** Paths. */
  readonly natsCreds?: string | undefined;
  readonly natsNkey?: string | undefined;
  readonly natsCa?: string | undefined;
  /** UID of the one search to read; absent: all. */
  readonly search?: string | undefined;
}

/** Adds the options of a way to the ledger on NATS. */
export const withNatsOptions = (command: Command, of: string): Command =>
  command
    .option('--nats <url>', of, 'nats://127.0.0.1:4222')
    .option('--nats-creds <file>', 'credentials file for NATS')
    .option('--nats-nkey <file>', 'or seed of a user key for NATS')
    .option('--nats-ca <file>', 'PEM of who signs the certificate of NATS');

interface Reading {
  readFile(path: string): Promise<string>;
  readonly signal: AbortSignal;
}

export async function* entriesOf(
  { file, nats: url, natsCreds, natsNkey, natsCa, search }: LedgerPlace,
  { readFile, signal }: Reading,
): AsyncGenerator<Found> {
  if (file !== undefined) {
    yield* fileEntries(file, await readFile(file));
    return;
  }
  const files = { credsFile: natsCreds, nkeyFile: natsNkey, caFile: natsCa };
  yield* natsEntries({ url, ...files, search }, signal);
}
