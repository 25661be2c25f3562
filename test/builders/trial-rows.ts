// Rows of trials as the dashboard's server tells them.
import type { TrialRow } from '../../dashboard/api.ts';

/** Trained, with an accuracy of 0.7 + index / 100; ended `index` minutes after midnight. */
export const makeRow = (index: number, overrides: Partial<TrialRow> = {}): TrialRow => ({
  name: `night-${String(index).padStart(4, '0')}`,
  index,
  state: 'Trained',
  objectives: [Math.round(7000 + 100 * index) / 10_000],
  accuracy: Math.round(7000 + 100 * index) / 10_000,
  parameters: 68_882,
  macs: 7_031_232,
  deviceSeconds: 20,
  epochs: 2,
  startTime: '2026-01-01T00:00:00.000Z',
  completionTime: `2026-01-01T00:${String(index).padStart(2, '0')}:00.000Z`,
  variation: 'random',
  genes: [0, 1, -1],
  rules: [1, 0],
  curve: [0.5, 0.7],
  ...overrides,
});

export const ALPHABET = ['nor_conv_3x3:BP', 'skip_connect', 'nor_conv_1x1:uSF', 'uSF', 'BP'];

export const TERMS = {
  objectives: ['accuracy'],
  rules: ['BP', 'uSF'],
  places: ['0→1', 'normal 0→2', 'rest'],
  alphabet: ALPHABET,
};
