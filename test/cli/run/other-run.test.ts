// A run that begins with the networks of another one's directory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { writeResult } from '../../../cli/result/index.ts';
import { beginningFrom, checkOther, otherRun } from '../../../cli/run/other-run.ts';
import {
  makeCompletedSearch,
  makeRecord,
  makeResult,
  makeSearch,
} from '../../builders/search-result.ts';

const HOME = { namespace: 'default', take: 'best' } as const;
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-other-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

const leave = () =>
  writeResult(
    join(directory, 'result.json'),
    makeResult({
      search: makeCompletedSearch(),
      records: [0, 1, 2].map((index) => makeRecord(index)),
    }),
  );

const beginning = (warmStart?: object, spec: object = {}) => {
  const { metadata, ...rest } = makeSearch({}, { ...spec, ...(warmStart && { warmStart }) });
  return { ...rest, metadata: { ...metadata, name: 'next', uid: 'next-uid' } };
};

test('the search of a directory tells its best networks', async () => {
  await leave();
  const found = await otherRun(directory).find({ namespace: 'default', name: 'night' }, HOME);
  expect(found).toMatchObject({ name: 'night', uid: 'search-uid', settled: true });
  const best = 'best' in found ? found.best : [];
  expect(best.length).toBeGreaterThan(1);
  expect(best[0]).toMatch(/^nb201;/);
});

test('and what it scored, in the order in which that ended', async () => {
  await leave();
  const found = await otherRun(directory).find({ namespace: 'default', name: 'night' }, HOME);
  expect(found).toMatchObject({
    scored: [0.7, 0.71, 0.72].map((value) => ({ objectives: [value] })),
  });
});

describe('a manifest', () => {
  const from = (manifest: ReturnType<typeof beginning>) =>
    beginningFrom(manifest, directory, join(directory, 'ledger.jsonl'));

  test('that names no search begins with the best of the one in the directory', async () => {
    await leave();
    const { spec } = await from(beginning());
    expect(spec.warmStart).toEqual({ search: { name: 'night', take: 'best', count: 10 } });
  });

  test('that names one says itself what to take', async () => {
    const manifest = beginning({ search: { name: 'night', take: 'pareto' } });
    expect(await from(manifest)).toBe(manifest);
  });

  test('cannot begin from an empty directory', async () => {
    await expect(from(beginning())).rejects.toThrow(
      /--warm-start: expected .*result.json, which a run leaves when it ends or stops, got ENOENT/,
    );
  });
});

test('a search that has begun needs the other directory no more', async () => {
  const record = {
    search: 'next-uid',
    kind: 'warm-start',
    from: { name: 'night', namespace: 'default', uid: 'search-uid' },
    genotypes: ['nb201;'],
    completionTime: '2026-01-01T00:00:00Z',
  };
  const ledger = join(directory, 'ledger.jsonl');
  await writeFile(ledger, `${JSON.stringify({ search: 'next-uid', record })}\n`);
  const { spec } = await beginningFrom(beginning(), join(directory, 'gone'), ledger);
  expect(spec.warmStart?.search?.name).toBe('night');
});

describe('before a search begins', () => {
  const check = (warmStart?: object, spec?: object) =>
    checkOther(beginning(warmStart, spec), otherRun(directory), Date.now());

  test('all is well where the networks fit', async () => {
    await leave();
    await check({ search: { name: 'night' } });
    await check();
  });

  test.each([
    [
      'the other has another name',
      { search: { name: 'day' } },
      {},
      /default\/day: .* has search night$/,
    ],
    [
      'a network is none of the search space',
      { search: { name: 'night' } },
      { searchSpace: { kind: 'fixed', network: 'lenet' } },
      /network 1 of night: expected a network of searchSpace/,
    ],
    [
      'one objective has no Pareto set',
      { search: { name: 'night', take: 'pareto' } },
      {},
      /take best/,
    ],
  ])('it is said that %s', async (_what, warmStart, spec, message) => {
    await leave();
    await expect(check(warmStart, spec)).rejects.toThrow(message);
  });

  test('a file that is no result is named', async () => {
    await writeFile(join(directory, 'result.json'), '{}');
    await expect(check({ search: { name: 'night' } })).rejects.toThrow(/expected a SearchResult/);
  });
});
