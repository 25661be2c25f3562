// The entries of the ledger on NATS. The client's library is loaded only here: other commands start without it.
import { randomUUID } from 'node:crypto';
import type { LedgerMessage, NatsOptions } from '../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../operator/runtime/index.ts';
import type { Found } from './entry.ts';

export interface NatsLedgerPlace
  extends Pick<NatsOptions, 'url' | 'credsFile' | 'nkeyFile' | 'caFile'> {
  /** UID of the one search to read; absent: all. */
  readonly search?: string | undefined;
}

/** How long a command waits for a server. */
const DEADLINE_MS = 10_000;

/** @throws NatsUnreachableError | LedgerUnavailableError */
export async function* natsEntries(
  { search, ...place }: NatsLedgerPlace,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const { connectNats, NatsLedger } = await import('../../operator/adapters/nats/index.ts');
  const parts = { clock: systemClock, logger: silentLogger };
  const connecting = { ...place, name: 'bionas ledger', deadlineMs: DEADLINE_MS, ...parts };
  const link = await connectNats(connecting, signal);
  try {
    const ledger = new NatsLedger({ link, newToken: randomUUID, ...parts });
    for (const each of search === undefined ? await ledger.searches() : [search]) {
      for await (const message of ledger.messages(each)) {
        signal.throwIfAborted();
        yield foundIn(each, message);
      }
    }
  } finally {
    await link.close();
  }
}

function foundIn(search: string, { sequence, text }: LedgerMessage): Found {
  const place = `BIONAS_LEDGER message ${sequence} (search ${search})`;
  try {
    return { place, search, record: JSON.parse(text) };
  } catch {
    return { place, problem: `expected JSON, found ${JSON.stringify(text.slice(0, 60))}` };
  }
}
