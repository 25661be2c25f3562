// Readers of texts that trainers, tenants and strangers write: reports, manifests, genotypes, records, results, tables.
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { BackupError } from '../../cli/backup/error.ts';
import { readRecords } from '../../cli/backup/place.ts';
import { fileEntries, SearchCheck } from '../../cli/ledger/index.ts';
import { ResultFileError, readResult } from '../../cli/result/index.ts';
import { ManifestError, readSearch } from '../../cli/run/manifest.ts';
import { openTable, readTrainedTable } from '../../cli/simulate/table/index.ts';
import { readLedgerTable } from '../../cli/simulate/table/ledger-table.ts';
import { TableError } from '../../cli/simulate/table/table.ts';
import { validateFiles } from '../../cli/validate/index.ts';
import {
  Duration,
  durationMs,
  GenotypeError,
  parseGenotype,
  printGenotype,
  Report,
} from '../../crds/index.ts';
import { FileLedger, MalformedLedgerError } from '../../operator/adapters/local/index.ts';
import { decoded } from '../../operator/adapters/nats/decode.ts';
import { devicesOf } from '../../operator/reconcilers/trial/devices.ts';
import { silentLogger } from '../../operator/runtime/index.ts';
import { decodeSafetensors, SafetensorsError } from '../../trainer/safetensors/index.ts';
import {
  CheckpointError,
  DamagedCheckpointError,
  loadCheckpoint,
  saveCheckpoint,
} from '../../trainer/training/checkpoint.ts';
import { FIRST } from '../../trainer/training/train.ts';
import { SEARCH, TRIAL } from '../builders/manifest-text.ts';
import { failureReport, makeReport, resultReport } from '../builders/objects.ts';
import { CELLS, makeRecord, makeResult } from '../builders/search-result.ts';
import { makeTableText } from '../builders/search-table.ts';
import { makeTensor } from '../builders/tensors.ts';
import { type ForeignReader, foreignBytesCases } from '../cases/foreign-bytes.cases.ts';
import { onDisk } from './on-disk.ts';

const asText = (read: (text: string) => unknown) => (bytes: Uint8Array) =>
  read(Buffer.from(bytes).toString('utf8'));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));
const lines = (...records: readonly unknown[]): Uint8Array =>
  bytesOf(
    records.map((record) => `${JSON.stringify({ search: 'search-uid', record })}\n`).join(''),
  );

const PROGRESS = { epoch: 0, epochs: 1, step: 1, steps: 2 };
const REPORTS = [
  resultReport(),
  failureReport('out of luck'),
  makeReport({ kind: 'progress', progress: PROGRESS }),
];
const PAUSE = { ...makeRecord(1), kind: 'pause', epochs: 1 };
const PROMOTION = { ...makeRecord(1), kind: 'promotion', epochs: 1 };
const DIVERGED = { ...makeRecord(2), outcome: 'Diverged' };
const RECORDS = [makeRecord(0), PAUSE, PROMOTION, DIVERGED];
const LIAR = makeRecord(0, { index: Number.MAX_SAFE_INTEGER });

function checkRecords(text: string): unknown {
  const check = new SearchCheck('search-uid');
  for (const found of fileEntries('a-file', text)) if ('record' in found) check.add(found);
  return check.conclude().problems;
}

async function readLedger(path: string): Promise<unknown> {
  const ledger = await FileLedger.open(path, silentLogger);
  const entries: unknown[] = [];
  for await (const entry of ledger.read('search-uid')) entries.push(entry);
  await ledger.close();
  return entries;
}

const variables = { w: makeTensor([3, 2]), b: makeTensor([2], 2) };
async function makeCheckpoint(): Promise<Uint8Array> {
  const path = join(tmpdir(), `bionas-foreign-${process.pid}.safetensors`);
  await saveCheckpoint(path, { variables, loop: FIRST, identity: 'abc' });
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}
const header = (value: unknown, body = 0): Uint8Array => {
  const text = json(value);
  const length = new BigUint64Array([BigInt(text.length)]);
  return Buffer.concat([new Uint8Array(length.buffer), text, new Uint8Array(body)]);
};
const TENSOR = { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] };

const NATS_BENCH = fileURLToPath(new URL('../cli/simulate/nats-bench', import.meta.url));
/** bzip2 of 2^28 zeros, and of a dictionary whose one key is a list that prints as 2^40 items. */
const BOMBS = [
  'QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kezuTbASo/wADABAAIIAAwzAUppqqoSRsAIkjxdyRThQkGsXyvAA==',
  'QlpoOTFBWSZTWchZwvMAABrfwFgAAAEQAAABAEAABIgCQQAgACEpGmmTNQgGgDejJvyAYSnivEAx8XckU4UJDIWcLzA=',
].map((text) => new Uint8Array(Buffer.from(text, 'base64')));
/** The table, of one network, with these bytes for it. */
const natsBench = (bytes: Uint8Array) =>
  openTable(
    NATS_BENCH,
    { dataset: 'cifar10', epochs: 12 },
    {
      readFile: (path) => readFile(path, 'utf8'),
      readBytes: (path) =>
        path.endsWith('000001.pickle.pbz2') ? Promise.resolve(bytes) : readFile(path),
      listDirectory: async () => ['meta.pickle.pbz2', '000001.pickle.pbz2'],
      onRead: async () => undefined,
    },
  );

const READERS: Readonly<Record<string, ForeignReader>> = {
  'reports of trainers': {
    read: (bytes) => Report.safeParse(decoded(bytes)).data,
    refusals: [],
    whole: REPORTS.map(json),
    isText: true,
  },
  manifests: {
    read: asText((text) => validateFiles([{ name: 'a-file', text }])),
    refusals: [],
    whole: [bytesOf(SEARCH), bytesOf(TRIAL)],
    isText: true,
  },
  'the manifest of a search': {
    read: asText((text) => readSearch('a-file', text)),
    refusals: [ManifestError],
    whole: [bytesOf(SEARCH)],
    isText: true,
  },
  genotypes: {
    read: asText((text) => printGenotype(parseGenotype(text))),
    refusals: [GenotypeError],
    whole: CELLS.map(bytesOf),
    isText: true,
  },
  durations: {
    read: asText((text) => (Duration.safeParse(text).success ? durationMs(text) : undefined)),
    refusals: [],
    whole: [bytesOf('1h30m'), bytesOf('0.5s')],
    isText: true,
  },
  'quantities of devices': {
    read: asText((text) =>
      devicesOf({
        spec: {
          containers: [{ name: 'trainer', resources: { limits: { 'nvidia.com/gpu': text } } }],
        },
      }),
    ),
    refusals: [],
    whole: [bytesOf('2'), bytesOf('100m')],
    isText: true,
  },
  'the ledger of a run': {
    read: onDisk('ledger.jsonl', readLedger),
    refusals: [MalformedLedgerError],
    whole: [lines(...RECORDS)],
    isText: true,
  },
  'records of a ledger': {
    read: asText(checkRecords),
    refusals: [],
    whole: [lines(...RECORDS)],
    nasty: [lines(LIAR)],
    isText: true,
  },
  'the history in a backup': {
    read: onDisk('ledger.jsonl', async (_path, folder) => {
      const records: unknown[] = [];
      for await (const record of readRecords(folder, 'search-uid')) records.push(record);
      return records;
    }),
    refusals: [BackupError],
    whole: [lines(...RECORDS)],
    isText: true,
  },
  'the result of a search': {
    read: onDisk('result.json', readResult),
    refusals: [ResultFileError],
    whole: [json(makeResult())],
    isText: true,
  },
  'a table of trained networks': {
    read: asText((text) => readTrainedTable('a-file', text)),
    refusals: [TableError],
    whole: [bytesOf(makeTableText())],
    nasty: [bytesOf(makeTableText({ training: { epochs: 2 ** 33 } }))],
    isText: true,
  },
  'a table that is a ledger': {
    read: asText((text) => readLedgerTable('a-file', text)),
    refusals: [TableError],
    whole: [lines(...RECORDS)],
    nasty: [lines(LIAR)],
    isText: true,
  },
  'NATS-Bench': {
    read: natsBench,
    refusals: [TableError],
    whole: [await readFile(join(NATS_BENCH, '000001.pickle.pbz2'))],
    nasty: BOMBS,
    free: 64 * 1024 * 1024,
  },
  tensors: {
    read: (bytes) => decodeSafetensors(Buffer.from(bytes), 'a-file'),
    refusals: [SafetensorsError],
    whole: [await makeCheckpoint()],
    nasty: [
      header({ w: TENSOR }),
      header({ w: { ...TENSOR, shape: [2 ** 40, 0], data_offsets: [0, 0] } }),
      header({ __metadata__: { __proto__: 'x' }, __proto__: TENSOR }),
    ],
  },
  checkpoints: {
    read: onDisk('checkpoint.safetensors', (path) => loadCheckpoint(path, 'abc')),
    refusals: [CheckpointError, DamagedCheckpointError],
    whole: [await makeCheckpoint()],
  },
};

describe.each(Object.entries(READERS))('%s', (_, reader) => foreignBytesCases(reader));
