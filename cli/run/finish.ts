// What a run leaves behind, however it ended: result.json and report.html.

import type { BioNASSearch } from '../../crds/index.ts';
import {
  isTrialRecord,
  recordSchema,
  SEARCHES,
  TRIALS,
  type TrialRecord,
} from '../../operator/reconcilers/index.ts';
import { reportHtml } from '../report/index.ts';
import { replaceFile, type SearchResult, searchResult, writeResult } from '../result/index.ts';
import { complete, type RunDirectory } from '../run-directory/index.ts';
import type { LocalOperator } from './local-operator.ts';

type Knowing = Pick<LocalOperator, 'store' | 'ledger'> & Partial<Pick<LocalOperator, 'live'>>;

/** The state of the directory's search, written into it. */
export async function writeOutcome(
  { metadata }: Pick<BioNASSearch, 'metadata'>,
  { operator, directory, now }: { operator: Knowing; directory: RunDirectory; now: number },
): Promise<SearchResult> {
  const { name, namespace = '', uid = '' } = metadata;
  const search = complete(await operator.store.of(SEARCHES).get({ namespace, name }));
  const records = await recordsOf(uid, operator.ledger);
  const recorded = new Set(records.map(({ trial }) => trial));
  const { items } = await operator.store.of(TRIALS).list();
  const result = searchResult({
    search,
    records,
    unfinished: items.filter((trial) => !recorded.has(trial.metadata.uid)),
    epochsOf: (trial) => operator.live?.get(trial.metadata.uid ?? '').epochs ?? [],
    directory: directory.root,
    now,
  });
  await writeResult(directory.result, result);
  await replaceFile(directory.report, reportHtml(result));
  return result;
}

async function recordsOf(search: string, ledger: LocalOperator['ledger']): Promise<TrialRecord[]> {
  const records: TrialRecord[] = [];
  for await (const entry of ledger.read(search)) {
    const record = recordSchema(entry.record).parse(entry.record);
    if (isTrialRecord(record)) records.push(record);
  }
  return records;
}
