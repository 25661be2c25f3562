// `bionas simulate`: searches on a table of networks, compared in seconds, and a plain word where they do not fit.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { addSimulateCommand } from '../../../cli/simulate/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { EPOCHS, makeTableRows, makeTableText, SMALL_SPACE } from '../../builders/search-table.ts';

type Json = Record<string, unknown>;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-simulate-'));
});
afterEach(() => rm(directory, { recursive: true }));

function manifest(name: string, spec: Json = {}): string {
  const fitting = {
    searchSpace: SMALL_SPACE,
    training: { epochs: EPOCHS },
    algorithm: { name: 'random' },
    budget: { trials: 40 },
  };
  const { metadata: _, ...rest } = makeSearchManifest({ ...fitting, ...spec });
  return stringify({ ...rest, metadata: { name } });
}

const files: Readonly<Record<string, string>> = {
  'random.yaml': manifest('random'),
  'tpe.yaml': manifest('tpe', { algorithm: { name: 'tpe', settings: { startup: 10 } } }),
  'asha.yaml': manifest('asha', { scheduling: { name: 'asha' }, parallelism: 4 }),
  'table.json': makeTableText(),
  'half.json': makeTableText({ rows: makeTableRows((place) => place % 2 === 0) }),
};

async function simulate(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
) {
  const lines: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addSimulateCommand(program, {
    out: (line) => void lines.push(line),
    readFile: async (path) =>
      ({ ...files, ...more })[path] ?? Promise.reject(new Error(`no ${path}`)),
    err: () => undefined,
    listDirectory: async () => undefined,
    readBytes: async (path) => Promise.reject(new Error(`no ${path}`)),
    signal,
    workingDirectory: directory,
  });
  await program.parseAsync(['simulate', ...args], { from: 'user' });
  return lines;
}

/** Cells of the row of a search. */
const rowOf = (lines: readonly string[], name: string): string[] =>
  (lines.find((line) => line.startsWith(name)) ?? '').split(/ {2,}/);

test('two algorithms are compared seed by seed', async () => {
  const lines = await simulate(['random.yaml', 'tpe.yaml', '--table', 'table.json']);
  expect(lines[0]).toMatch(/^table.json: 729 networks on fashion-mnist, 9 epochs each; the best/);
  expect(lines[1]).toMatch(/standard deviation of 0\.\d\d points \(73 networks trained again/);
  const [random, tpe] = [rowOf(lines, 'random'), rowOf(lines, 'tpe')];
  expect(random.slice(1, 5)).toEqual(['random', 'none', '40', '360']);
  expect(tpe.slice(1, 5)).toEqual(['tpe', 'none', '40', '360']);
  const [regretOfRandom = 0, regretOfTpe = 0] = [random, tpe].map((row) =>
    Number.parseFloat(row[7] ?? ''),
  );
  expect(regretOfTpe).toBeLessThan(regretOfRandom);
  expect(Number.parseInt(tpe[9] ?? '', 10)).toBeGreaterThan(10);
});

test('the same call says the same', async () => {
  const call = ['asha.yaml', '--table', 'table.json', '--seeds', '3'];
  expect(await simulate(call)).toEqual(await simulate(call));
});

test('a scheduler has no more epochs than it is given, and begins more networks with them', async () => {
  const call = ['random.yaml', 'asha.yaml', '--table', 'table.json', '--epochs', '360'];
  const lines = await simulate(call);
  const [random, asha] = [rowOf(lines, 'random'), rowOf(lines, 'asha')];
  expect(random.slice(3, 5)).toEqual(['40', '360']);
  expect(Number(asha[3])).toBeGreaterThan(100);
  expect(Number(asha[4])).toBeLessThanOrEqual(360);
});

test('networks that the table has not are passed over, and that is said', async () => {
  const lines = await simulate(['random.yaml', '--table', 'half.json']);
  expect(rowOf(lines, 'random').slice(3, 5)).toEqual(['40', '360']);
  expect(lines.at(-1)).toMatch(
    /^random: the table has 365 of the 729 networks of its space; [34]\d proposals that it has not were passed over/,
  );
});

test('a directory is left with all figures and a picture', async () => {
  await simulate([
    'random.yaml',
    'tpe.yaml',
    '--table',
    'table.json',
    '--seeds',
    '5',
    '--output',
    'out',
  ]);
  expect((await readdir(join(directory, 'out'))).toSorted()).toEqual([
    'simulation.json',
    'simulation.svg',
  ]);
  const { simulations, timeUnit } = JSON.parse(
    await readFile(join(directory, 'out', 'simulation.json'), 'utf8'),
  );
  expect(timeUnit).toBe('epochs of a network of mean MACs');
  expect(simulations).toMatchObject([
    { name: 'random', algorithm: 'random' },
    { name: 'tpe', algorithm: 'tpe' },
  ]);
  expect(simulations[0].searches.map(({ seed }: { seed: number }) => seed)).toEqual([
    1, 2, 3, 4, 5,
  ]);
  const picture = await readFile(join(directory, 'out', 'simulation.svg'), 'utf8');
  expect(picture.match(/class="median"/g)).toHaveLength(2);
  expect(picture).toContain('>tpe</text>');
});

test('a table that was saved gives the same simulation', async () => {
  const lines = await simulate([
    'random.yaml',
    '--table',
    'table.json',
    '--save-table',
    'saved.json',
  ]);
  const saved = await readFile(join(directory, 'saved.json'), 'utf8');
  const again = await simulate(['random.yaml', '--table', 'saved.json'], { 'saved.json': saved });
  expect(again.slice(1)).toEqual(lines.slice(1));
});

describe('what does not fit is refused before anything is simulated', () => {
  test.each<[string, Json, RegExp]>([
    [
      'other operations',
      { searchSpace: { ...SMALL_SPACE, operations: ['none', 'nor_conv_3x3'] } },
      /^bad.yaml: spec.searchSpace: expected no network that table.json was not made for, got node 1: operation none is not among skip_connect, nor_conv_3x3; leave these out$/,
    ],
    [
      'other rules',
      { searchSpace: { ...SMALL_SPACE, learningRules: ['FA', 'BP'] } },
      /got node 1: rule BP is not among FA, uSF/,
    ],
    ['another family', { searchSpace: { kind: 'darts' } }, /got family darts is not nb201/],
    [
      'wider networks',
      { searchSpace: { ...SMALL_SPACE, channels: 16 } },
      /spec.searchSpace.channels: expected 4, got 16/,
    ],
    [
      'as many cells as nobody said',
      { searchSpace: { ...SMALL_SPACE, cells: undefined } },
      /spec.searchSpace.cells: expected 1, got 5/,
    ],
    [
      'another schedule',
      { training: { epochs: 3 } },
      /spec.training.epochs: expected 9, got 3; the curves of table.json are of a schedule of 9 epochs/,
    ],
    [
      'other pictures',
      { dataset: { name: 'mnist' } },
      /spec.dataset.name: expected fashion-mnist, got mnist/,
    ],
    [
      'loss',
      { objectives: [{ metric: 'loss', goal: 'minimize' }] },
      /spec.objectives\[0\].metric: expected accuracy, got loss/,
    ],
    [
      'speed',
      {
        objectives: [
          { metric: 'accuracy', goal: 'maximize' },
          { metric: 'picturesPerSecond', goal: 'maximize' },
        ],
      },
      /spec.objectives\[1\].metric: expected parameters or macs, got picturesPerSecond/,
    ],
    [
      'a supernet',
      {
        algorithm: { name: 'darts' },
        searchSpace: { kind: 'darts', learningRules: ['BP', 'FA'], conversion: 'partial' },
      },
      /spec.algorithm.name: expected one that proposes networks, got darts/,
    ],
  ])('%s', async (_what, spec, message) => {
    const bad = { 'bad.yaml': manifest('bad', spec) };
    await expect(
      simulate(['random.yaml', 'bad.yaml', '--table', 'table.json'], bad),
    ).rejects.toThrow(message);
  });

  test.each([
    [
      'a manifest that is not there',
      ['none.yaml', '--table', 'table.json'],
      /none.yaml: expected a file that can be read/,
    ],
    [
      'a table that is not there',
      ['random.yaml', '--table', 'none.json'],
      /none.json: expected a table/,
    ],
    ['no table', ['random.yaml'], /required option '--table/],
    ['half a seed', ['random.yaml', '--table', 'table.json', '--seeds', '0.5'], /a whole number/],
  ])('%s', async (_what, args, message) => {
    await expect(simulate(args)).rejects.toThrow(message);
  });
});

test('objectives beside accuracy steer a search as the table has them', async () => {
  const accurate = { metric: 'accuracy', goal: 'maximize' };
  const small = { metric: 'parameters', goal: 'minimize' };
  const algorithm = { name: 'nsga2', settings: { population: 8 } };
  const budget = { trials: 150 };
  const lines = await simulate(['accurate.yaml', 'small.yaml', '--table', 'table.json'], {
    'accurate.yaml': manifest('accurate', { algorithm, budget }),
    'small.yaml': manifest('small', { algorithm, budget, objectives: [accurate, small] }),
  });
  // Convolutions take time: who wants few of them is done sooner.
  const [one = 0, both = 0] = ['accurate', 'small'].map((name) => Number(rowOf(lines, name)[5]));
  expect(both).toBeLessThan(0.99 * one);
});

test('two searches of one name go by their files', async () => {
  const lines = await simulate(['random.yaml', 'twin.yaml', '--table', 'table.json'], {
    'twin.yaml': manifest('random'),
  });
  expect(rowOf(lines, 'twin.yaml').at(-1)).toBe('0, level 20, behind 0');
});

test('Ctrl-C ends it between two searches', async () => {
  const call = ['random.yaml', '--table', 'table.json', '--output', 'out'];
  await expect(simulate(call, {}, AbortSignal.abort())).rejects.toThrow(/aborted/);
  expect(await readdir(directory)).toEqual([]);
});
