// The table that a finished search leaves: its ledger. It has the networks that were trained to the end, and no others.

import { EPOCHS_KEPT } from '../../../crds/index.ts';
import {
  isTrialRecord,
  recordSchema,
  type TrialRecord,
} from '../../../operator/reconcilers/index.ts';
import { curveOf } from '../../../operator/search/index.ts';
import { type Entry, fileEntries } from '../../ledger/index.ts';
import { type SearchTable, TableError, type TableNetwork } from './table.ts';

/** Throws TableError. */
export function readLedgerTable(file: string, text: string): SearchTable {
  const records = fileEntries(file, text).flatMap((found) => {
    if ('problem' in found) throw new TableError(`${found.place}: ${found.problem}`);
    const record = recordOf(found);
    return record?.purpose === 'Search' ? [record] : [];
  });
  requireOneSearch(file, records);
  const epochs = records.reduce((most, record) => Math.max(most, epochsOf(record)), 0);
  if (epochs > EPOCHS_KEPT)
    throw new TableError(
      `${file}: expected trainings of at most ${EPOCHS_KEPT} epochs, of which a ledger has every one, got ${epochs}`,
    );
  const networks = new Map<string, TableNetwork>();
  for (const record of records) {
    const network = networkOf(record, epochs);
    if (network !== undefined) networks.set(record.genotype, network);
  }
  if (networks.size === 0)
    throw new TableError(
      `${file}: expected networks that were trained to the end, got none among ${records.length} trials`,
    );
  return { file, networks, epochs, notes: notesOn(records.length, networks.size) };
}

function recordOf({ place, record }: Entry): TrialRecord | undefined {
  const { data, error } = recordSchema(record).safeParse(record);
  if (data === undefined)
    throw new TableError(
      `${place}: expected a record of a trial, got ${error.issues[0]?.message}; bionas ledger verify says more`,
    );
  return isTrialRecord(data) ? data : undefined;
}

function requireOneSearch(file: string, records: readonly TrialRecord[]): void {
  const searches = new Set(records.map(({ search }) => search));
  if (searches.size > 1)
    throw new TableError(
      `${file}: expected the trials of one search, got those of ${searches.size}: ${[...searches].join(', ')}`,
    );
}

/** That it has trained. */
const epochsOf = ({ result }: TrialRecord): number => result?.epochs.at(-1)?.epoch ?? 0;

/** Undefined of one that failed, was stopped or paused, or whose every epoch is not there; a supernet is no network. */
function networkOf({ result }: TrialRecord, epochs: number): TableNetwork | undefined {
  if (result === undefined || result.supernet !== undefined) return undefined;
  const { outcome, metrics } = result;
  const known = curveOf(result.epochs, 'accuracy');
  if (known.length < epochs && outcome !== 'Diverged') return undefined;
  const curve = Array.from({ length: epochs }, (_, e) => known[e] ?? metrics.accuracy ?? 0);
  const { parameters, macs, seconds } = metrics;
  return { curve, again: [], parameters, macs, epochSeconds: seconds / Math.max(1, known.length) };
}

function notesOn(trials: number, networks: number): string[] {
  if (trials === networks) return [];
  return [
    `${trials - networks} of its ${trials} trials are not in the table: they failed or were not trained to the end`,
  ];
}
