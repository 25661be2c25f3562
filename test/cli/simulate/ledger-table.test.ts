// The ledger of a finished search as a table: what was trained to the end is in it, and whoever asks for more is told.
import { describe, expect, test } from 'vitest';
import { fitOf } from '../../../cli/simulate/index.ts';
import { searchOn } from '../../../cli/simulate/simulated-search.ts';
import { openTable } from '../../../cli/simulate/table/index.ts';
import { BioNASSearch } from '../../../crds/index.ts';
import type { LedgerRecord, TrialRecord } from '../../../operator/reconcilers/index.ts';
import { inTurn, play } from '../../builders/search.ts';
import {
  makeFailedRecord,
  makeFinalRecord,
  makeRecord,
  makeSearch,
} from '../../builders/search-result.ts';

const FILE = 'runs/night/ledger.jsonl';
const LENET = { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'FA'] };
const spec = { searchSpace: LENET, training: { epochs: 2 }, algorithm: { name: 'grid' } };

/** All 16 networks of the space, by a grid. */
const night = makeSearch({}, spec);
const genotypes = play(night.spec, inTurn(16)).proposals.map(({ genotype }) => genotype);

const accuracyOf = (index: number) => (50 + index) / 100;
function recordOf(index: number, over: Partial<TrialRecord> = {}): TrialRecord {
  const record = makeRecord(index % 10, { index, genotype: genotypes[index] ?? '', ...over });
  const { result } = record;
  if (result === undefined) return record;
  const epochs = result.epochs.map((epoch) => ({
    ...epoch,
    validationAccuracy: accuracyOf(index),
  }));
  return { ...record, result: { ...result, epochs } };
}

const all = genotypes.map((_, index) => recordOf(index));
const ledgerOf = (records: readonly LedgerRecord[]) =>
  records.map((record) => `${JSON.stringify({ search: record.search, record })}\n`).join('');

const open = (text: string, path = FILE) =>
  openTable(
    path,
    { dataset: '', epochs: 2 },
    {
      readFile: async (file) => (file === FILE ? text : Promise.reject(new Error(`no ${file}`))),
      readBytes: async () => new Uint8Array(),
      onRead: async () => undefined,
      listDirectory: async (file) =>
        file === 'runs/night' ? ['objects', 'ledger.jsonl'] : undefined,
    },
  );

test('a search that spent its space is a whole table, named by its file or its directory', async () => {
  for (const path of [FILE, 'runs/night']) {
    const table = await open(ledgerOf(all), path);
    expect(table).toMatchObject({ file: FILE, epochs: 2, notes: [] });
    expect(fitOf('night.yaml', night, table)).toEqual({ known: 16, networks: 16n });
    expect([...table.networks.values()][3]).toEqual({
      curve: [0.53, 0.53],
      again: [],
      parameters: 68_882,
      macs: 7_031_232,
      epochSeconds: 10,
    });
  }
});

test('another algorithm can be tried on it, in the seconds that training took', async () => {
  const table = await open(ledgerOf(all));
  const evolution = BioNASSearch.parse({
    ...makeSearch({}, { ...spec, algorithm: { name: 'regularized-evolution' }, parallelism: 2 }),
  });
  const found = searchOn(table, evolution)({ seed: 1 });
  expect(found).toMatchObject({ networks: 16, epochs: 32, time: 160, unknown: 0 });
  expect(found.steps.at(-1)?.accuracy).toBe(0.65);
});

/** Trained for one epoch of two. */
function cut(record: TrialRecord, outcome: 'Trained' | 'Diverged'): TrialRecord {
  const { result } = record;
  if (result === undefined) throw new Error('a trained record has a result');
  const { accuracy: _, ...metrics } = result.metrics;
  return {
    ...record,
    outcome,
    result: { ...result, outcome, metrics, epochs: result.epochs.slice(0, 1) },
  };
}

test('what failed or was not trained to the end is left out, and counted', async () => {
  const paused = cut(recordOf(0), 'Trained');
  const failed = { ...makeFailedRecord(1, 'out of memory'), genotype: genotypes[1] ?? '' };
  const final = { ...makeFinalRecord(2), index: 16 };
  const { networks, notes } = await open(ledgerOf([paused, failed, ...all.slice(2), final]));
  expect(networks.size).toBe(14);
  expect(notes).toEqual([
    '2 of its 16 trials are not in the table: they failed or were not trained to the end',
  ]);
});

test('a network that diverged is in it, with the worst accuracy from there', async () => {
  const { networks } = await open(ledgerOf([cut(recordOf(0), 'Diverged'), ...all.slice(1)]));
  expect(networks.get(genotypes[0] ?? '')?.curve).toEqual([0.5, 0]);
});

describe('what is no table', () => {
  const foreign = { ...recordOf(1), search: 'other-uid' };
  test.each([
    ['damage', 'oops\n', /ledger.jsonl:1: expected a JSON line/],
    [
      'a record of something else',
      '{"search":"x","record":{}}\n',
      /ledger.jsonl:1: expected a record of a trial/,
    ],
    [
      'two searches',
      ledgerOf([recordOf(0), foreign]),
      /expected the trials of one search, got those of 2/,
    ],
    [
      'nothing trained',
      ledgerOf([makeFailedRecord(0, 'no')]),
      /expected networks that were trained to the end, got none among 1 trials/,
    ],
  ])('%s', async (_what, text, message) => {
    await expect(open(text)).rejects.toThrow(message);
  });

  test('another space', async () => {
    const table = await open(ledgerOf(all));
    const other = makeSearch({}, { searchSpace: { kind: 'nb201' }, training: { epochs: 2 } });
    expect(() => fitOf('other.yaml', other, table)).toThrow(
      `other.yaml: spec.searchSpace: expected some of the 16 networks of ${FILE}, got none: family fixed is not nb201`,
    );
  });
});
