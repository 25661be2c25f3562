// result.json: complete at every end, true to the ledger, whole on disk, and as its page says.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ResultFileError,
  readResult,
  resultDocument,
  SearchResult,
  unfinishedTrial,
  writeResult,
} from '../../../cli/result/index.ts';
import { genotypeHash, parseGenotype } from '../../../crds/index.ts';
import {
  CELLS,
  condition,
  makeConstrained,
  makeControlledResult,
  makeFailedRecord,
  makeFront,
  makeRecord,
  makeResult,
  makeRunningTrial,
  makeSearch,
} from '../../builders/search-result.ts';

describe('of a completed search', () => {
  const result = makeResult();

  test('fits its schema', () => {
    expect(SearchResult.parse(result)).toEqual(result);
  });

  test('tells state, seed, cost and counts', () => {
    expect(result).toMatchObject({
      state: 'Completed',
      reason: 'BudgetSpent',
      seed: 1,
      cost: { deviceSeconds: 60, wallSeconds: 1800 },
      counts: { trained: 2, diverged: 0, infeasible: 0, failed: 0, unfinished: 0 },
    });
  });

  test('tells a trial with its genotype, score, cost, state and curve', () => {
    const [genotype] = CELLS;
    expect(result.trials[0]).toMatchObject({
      name: 'night-0000',
      state: 'Trained',
      genotype,
      hash: genotypeHash(parseGenotype(genotype)),
      score: 0.7,
      cost: { deviceSeconds: 20, attempts: 1 },
    });
    expect(result.trials[0]?.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test('tells which trials are infeasible, trained or not, and how far outside', () => {
    const constrained = makeConstrained();
    expect(SearchResult.parse(constrained)).toEqual(constrained);
    expect(constrained.counts).toMatchObject({ trained: 1, infeasible: 2, failed: 0 });
    expect(constrained.trials).toMatchObject([
      { state: 'Infeasible', violation: 0.38, epochs: [] },
      { state: 'Infeasible', violation: 0.1, objectives: [0.5] },
      { state: 'Trained', objectives: [0.25] },
    ]);
    expect(constrained.trials[0]).not.toHaveProperty('score');
    expect(constrained.trials[2]).not.toHaveProperty('violation');
    const { infeasible: _, ...counts } = constrained.counts;
    expect(SearchResult.parse({ ...constrained, counts }).counts.infeasible).toBe(0);
  });

  test('tells a supernet with the network that it derived', () => {
    const [genotype] = CELLS;
    const record = makeRecord(0, { genotype: 'supernet 0' });
    const supernet = { genotype, epoch: 2, parameters: 9 };
    const { result: own } = record;
    if (own === undefined) throw new Error('no result');
    const [trial] = makeResult({ records: [{ ...record, result: { ...own, supernet } }] }).trials;
    const hash = genotypeHash(parseGenotype(genotype));
    expect(trial).toMatchObject({ genotype, hash, supernet });
  });

  test('ranks the best and the final networks', () => {
    expect(result.best.map(({ trial, score }) => [trial, score])).toEqual([
      ['night-0001', 0.71],
      ['night-0000', 0.7],
    ]);
    expect(result.final).toMatchObject([{ trial: 'night-final-0', testAccuracy: 0.9066 }]);
  });

  test('tells what none beats in all objectives, where there are several', () => {
    expect(makeFront().pareto.map(({ trial }) => trial)).toEqual(['night-0001', 'night-0000']);
    expect(result.pareto).toEqual([]);
  });

  test('names files from its directory, so that it can be moved', () => {
    expect(result.artifacts['model.onnx']).toBe('trials/night-final-0/model.onnx');
    expect(result.trials[0]?.artifacts).toEqual({
      'model.onnx': 'trials/night-0000/model.onnx',
      elsewhere: '/data/x',
      log: 'logs/night-0000-0.log',
    });
  });
});

test('seeds and controls are compared, and fit the schema', () => {
  const result = makeControlledResult();
  expect(SearchResult.parse(result)).toEqual(result);
  expect(result.final).toMatchObject([{ trial: 'night-final-0', testAccuracy: 0.902 }]);
  const [comparison] = result.comparisons;
  expect(comparison).toMatchObject({ trial: 'night-final-0', index: 1, trained: 5 });
  expect(comparison?.variants.map(({ name, trained }) => [name, trained])).toEqual([
    ['BP', 5],
    ['frSF', 4],
  ]);
});

test('an interrupted search tells what still ran, with its state', () => {
  const result = makeResult({
    search: makeSearch({ phase: 'Searching' }),
    records: [makeRecord(0)],
    unfinished: [makeRunningTrial(1)],
  });
  expect(result).toMatchObject({ state: 'Interrupted', counts: { trained: 1, unfinished: 1 } });
  expect(result.completionTime).toBeUndefined();
  expect(result.cost.wallSeconds).toBe(3600);
  expect(result.trials[1]).toMatchObject({ name: 'night-0001', state: 'Running', epochs: [] });
  expect(SearchResult.parse(result)).toEqual(result);
});

test('a failed search tells why, and where the log of a failed trial is', () => {
  const result = makeResult({
    search: makeSearch({
      phase: 'Failed',
      conditions: [condition('Failed', 'TooManyFailures', '1 trial failed')],
    }),
    records: [makeFailedRecord(0, 'no such data set')],
  });
  expect(result).toMatchObject({ state: 'Failed', reason: 'TooManyFailures', best: [] });
  expect(result.trials[0]).toMatchObject({
    state: 'Failed',
    reason: 'TrainerFailed',
    message: 'no such data set',
    artifacts: { log: 'logs/night-0000-1.log' },
  });
  expect(result.trials[0]?.score).toBeUndefined();
});

describe('on disk', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bionas-result-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is read back as it was written, and leaves nothing beside it', async () => {
    const path = join(directory, 'result.json');
    await writeFile(path, 'of an earlier run');
    await writeResult(path, makeResult());
    expect(await readResult(path)).toEqual(makeResult());
    expect(await readdir(directory)).toEqual(['result.json']);
  });

  test.each([
    ['no JSON', '{'],
    ['another version', JSON.stringify({ ...makeResult(), apiVersion: 'bionas.dev/v9' })],
    ['no trials', JSON.stringify({ ...makeResult(), trials: undefined })],
  ])('%s is refused, with the place of its description', async (_, text) => {
    const path = join(directory, 'result.json');
    await writeFile(path, text);
    const reading = readResult(path);
    await expect(reading).rejects.toThrow(ResultFileError);
    await expect(reading).rejects.toThrow(/docs\/result\.md/);
  });
});

test('docs/result.md is what the schema says (node scripts/write-result-docs.ts)', async () => {
  const page = await readFile(new URL('../../../docs/result.md', import.meta.url), 'utf8');
  expect(page).toBe(resultDocument());
});

test('a trial that waits at a rung has what it was worth there, and its curve with what it has told since', () => {
  const { status, ...trial } = makeRunningTrial(1);
  const { result } = makeRecord(1);
  if (result === undefined) throw new Error('a trained record has a result');
  const { metrics, epochs } = result;
  const rung = { epochs: 2, attempt: 0, time: '2026-01-01T00:55:00Z', metrics };
  const rungs = { ...status!, rungs: [rung] };
  const told = [{ ...epochs[0]!, epoch: 3 }, epochs[0]!];
  expect(unfinishedTrial({ ...trial, status: rungs }, { epochsOf: () => told })).toMatchObject({
    metrics,
    epochs: [{ epoch: 1 }, { epoch: 3 }],
  });
  const paused = { ...rungs, result };
  expect(unfinishedTrial({ ...trial, status: paused }, { epochsOf: () => [] })).toMatchObject({
    epochs,
  });
});
