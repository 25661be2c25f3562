// What the ledger on NATS holds of a search, read through the operator's own adapter.
import { randomUUID } from 'node:crypto';
import {
  connectNats,
  NatsLedger,
  type NatsOptions,
} from '../../../operator/adapters/nats/index.ts';
import { TrialRecord } from '../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';

export async function ledgerOf(
  url: string,
  search: string,
  credentials: Pick<NatsOptions, 'nkeyFile'> = {},
): Promise<TrialRecord[]> {
  const shared = { clock: systemClock, logger: silentLogger };
  const options = { url, ...credentials, name: 'test', ...shared };
  const link = await connectNats(options, new AbortController().signal);
  try {
    const ledger = new NatsLedger({ link, newToken: randomUUID, ...shared });
    const records: TrialRecord[] = [];
    for await (const { record } of ledger.read(search)) records.push(TrialRecord.parse(record));
    return records;
  } finally {
    await link.close();
  }
}
