// The table that `make search-table` writes: what it says is read, and damage is named with its place.
import { describe, expect, test } from 'vitest';
import { readTrainedTable } from '../../../cli/simulate/table/index.ts';
import { makeTableRows, makeTableText } from '../../builders/search-table.ts';

const read = (text: string) => readTrainedTable('table.json', text);
const [first, , other] = makeTableRows((place) => place < 2);
if (first === undefined || other === undefined) throw new Error('the table has rows');
const readRows = (...rows: readonly object[]) => read(makeTableText({ rows }));

test('every tenth network says what another seed does', () => {
  const { networks, epochs } = read(makeTableText());
  expect(networks.size).toBe(729);
  expect(epochs).toBe(9);
  expect([...networks.values()].filter(({ again }) => again.length > 0)).toHaveLength(73);
});

test('searches see the lowest seed, whatever the order of rows', () => {
  const { networks } = readRows({ ...first, seed: 2, accuracies: [0.5] }, { ...first, seed: 1 });
  const [network] = networks.values();
  expect(network?.curve).toEqual(first.accuracies);
  expect(network?.again.map(([value]) => value)).toEqual([0.5]);
});

test('a network that diverged has accuracy 0 from there', () => {
  const [network] = readRows({ ...first, accuracies: [0.4, 0.3] }, other).networks.values();
  expect(network?.curve).toEqual([0.4, 0.3, 0, 0, 0, 0, 0, 0, 0]);
});

describe('damage', () => {
  test.each([
    ['half a file', makeTableText().slice(0, 100), /^table.json: expected JSON/],
    ['another file', '{"rows":[]}', /got space: Invalid input/],
    [
      'more epochs than any row has',
      makeTableText({ training: { epochs: 2 ** 33 } }),
      /a row with 8589934592 accuracies, as training.epochs, got at most 9/,
    ],
    ['no rows', makeTableText({ rows: [] }), /got rows: Too small/],
    [
      'percent',
      makeTableText({ rows: [{ ...first, accuracies: [71.2] }] }),
      /got rows.0.accuracies.0: Too big/,
    ],
    [
      'more epochs than trained',
      makeTableText({ rows: [{ ...first, accuracies: Array(10).fill(0.5) }] }),
      /rows\[0\]: expected at most 9 accuracies, as training.epochs, got 10/,
    ],
    [
      'no genotype',
      makeTableText({ rows: [{ ...first, genotype: 'nb201;x' }] }),
      /rows\[0\]: expected a genotype, got/,
    ],
  ])('%s', (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
