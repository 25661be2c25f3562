// What two trials do not have in common.
import { expect, test } from 'vitest';
import type { ResultTrial, SearchView, TrialRow, TrialView } from '../../../dashboard/api.ts';
import { tableOf } from '../../../dashboard/connection/table.ts';
import { differencesOf } from '../../../dashboard/views/trial/differences.ts';
import { ALPHABET, makeRow, TERMS } from '../../builders/trial-rows.ts';

const told = {
  view: {
    objectives: [
      { metric: 'accuracy', goal: 'maximize' },
      { metric: 'parameters', goal: 'minimize' },
    ],
    places: TERMS.places,
  } as unknown as SearchView,
  table: tableOf({ version: 1, alphabet: ALPHABET, trials: [] }),
};

const viewOf = (row: TrialRow, deviceSeconds: number): TrialView =>
  ({
    row,
    trial: {
      metrics: { parameters: row.parameters, macs: row.macs },
      epochs: [1, 2],
      cost: { deviceSeconds, attempts: 1 },
    } as unknown as ResultTrial,
  }) as unknown as TrialView;

test('scores and costs are told once each, with a sign; of places those that differ', () => {
  const a = viewOf(makeRow(0, { objectives: [0.7, 50_000], genes: [0, 1, 3] }), 90);
  const b = viewOf(makeRow(1, { objectives: [0.6875, 68_882], genes: [2, 1, -1] }), 30);
  expect(
    differencesOf(a, b, told).map(({ what, values, difference }) => [what, ...values, difference]),
  ).toEqual([
    ['trial', '#0', '#1', ''],
    ['state', 'Trained', 'Trained', ''],
    ['accuracy', '70.00 %', '68.75 %', '−1.25 points'],
    ['parameters', '50.0 k', '68.9 k', '+18.9 k'],
    ['macs', '7.03 M', '7.03 M', '+0'],
    ['epochs', '2', '2', '+0'],
    ['device time', '1m30s', '30s', '−1m00s'],
    ['0→1', 'nor_conv_3x3:BP', 'nor_conv_1x1:uSF', ''],
    ['rest', 'uSF', 'empty', ''],
  ]);
});

test('what has no score has no difference', () => {
  const { objectives: _, ...unscored } = makeRow(0);
  const [, , accuracy] = differencesOf(viewOf(unscored, 1), viewOf(makeRow(1), 1), told);
  expect(accuracy).toEqual({ what: 'accuracy', values: ['–', '71.00 %'], difference: '' });
});
