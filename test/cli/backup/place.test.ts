// The directory of a backup: what is written is read, and nothing in one can lead out of it.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { BackupError } from '../../../cli/backup/error.ts';
import {
  filesIn,
  folderOf,
  makePlace,
  readObjects,
  readRecords,
  writeObjects,
  writeRecords,
} from '../../../cli/backup/place.ts';
import { readStoredSearch } from '../../../cli/run-directory/index.ts';
import { makeSearch, makeTrial } from '../../builders/objects.ts';
import { makeRecord } from '../../builders/search-result.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bionas-place-'));
  onTestFinished(() => rm(root, { recursive: true }));
});

async function* each<T>(items: readonly T[]) {
  yield* items;
}

async function recordsIn(search: string) {
  const records = [];
  for await (const record of readRecords(root, search)) records.push(record);
  return records;
}

test('objects and history are read as they were written, and as those of a local run', async () => {
  const kept = { search: makeSearch(), trials: [makeTrial().running().object] };
  await makePlace(root);
  await writeRecords(root, 'search-uid', each([makeRecord(0), makeRecord(1)]));
  await writeObjects(root, kept);
  expect(await readObjects(root)).toEqual(kept);
  expect(await recordsIn('search-uid')).toEqual([makeRecord(0), makeRecord(1)]);
  expect((await readStoredSearch(root)).search.metadata).toEqual(kept.search.metadata);
});

test('a backup that was cut off before its end is none', async () => {
  const { object } = makeTrial().running();
  const cut = {
    search: makeSearch(),
    trials: [object, { ...object, metadata: undefined as never }],
  };
  await makePlace(root);
  await expect(writeObjects(root, cut)).rejects.toThrow();
  await expect(readObjects(root)).rejects.toThrow(/expected the backup of one search, found 0/);
});

test('nothing is written over', async () => {
  await writeFile(join(root, 'thesis.tex'), '');
  await expect(makePlace(root)).rejects.toThrow(/empty or not there yet, got 1 entries/);
});

test('the record of another search is refused, with its line', async () => {
  await writeRecords(root, 'search-uid', each([makeRecord(0), makeRecord(1, { search: 'other' })]));
  const reading = recordsIn('search-uid');
  await expect(reading).rejects.toThrow(BackupError);
  await expect(reading).rejects.toThrow(/ledger.jsonl:2: expected a record of search search-uid/);
});

test.each(['../../etc', '/etc', '..', '.', '', 'a/b', 'A'])(
  'a Trial called "%s" leads nowhere',
  (name) => {
    expect(() => folderOf(root, name)).toThrow(BackupError);
  },
);

test('only files that trainers keep are given back, and no links', async () => {
  const folder = folderOf(root, 'night-0');
  await mkdir(folder, { recursive: true });
  for (const name of ['checkpoint.safetensors', 'id_rsa']) await writeFile(join(folder, name), '');
  await symlink('/etc/passwd', join(folder, 'result.json'));
  expect(await filesIn(root, 'night-0')).toEqual(['checkpoint.safetensors']);
});
