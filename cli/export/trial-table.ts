// Every trial of a search as a row: for spreadsheets, data frames and programs. Pure.
import { METRICS } from '../../crds/index.ts';
import { type Column, csvLine } from '../output/index.ts';
import type { ResultTrial } from '../result/index.ts';

const field = (title: string, value: Column<ResultTrial>['value']): Column<ResultTrial> => ({
  title,
  value,
});

/** In this order; later versions may add some at the end. */
const COLUMNS: readonly Column<ResultTrial>[] = [
  field('name', ({ name }) => name),
  field('index', ({ index }) => index),
  field('purpose', ({ purpose }) => purpose),
  field('control', ({ control }) => control && `${control.kind} ${control.name}`),
  field('state', ({ state }) => state),
  field('reason', ({ reason }) => reason),
  field('parent', ({ parent }) => parent),
  field('variation', ({ variation }) => variation),
  field('seed', ({ seed }) => seed),
  field('violation', ({ violation }) => violation),
  ...METRICS.map((metric) => field(metric, ({ metrics }) => metrics?.[metric])),
  field('testAccuracy', ({ metrics }) => metrics?.testAccuracy),
  field('testLoss', ({ metrics }) => metrics?.testLoss),
  field('epochs', ({ epochs }) => epochs.at(-1)?.epoch),
  field('attempts', ({ cost }) => cost.attempts),
  field('deviceSeconds', ({ cost }) => cost.deviceSeconds),
  field('startTime', ({ startTime }) => startTime),
  field('completionTime', ({ completionTime }) => completionTime),
  field('genotype', ({ genotype }) => genotype),
  field('hash', ({ hash }) => hash),
];

export const TRIAL_FORMATS = ['csv', 'json', 'jsonl'] as const;
export type TrialFormat = (typeof TRIAL_FORMATS)[number];

/** The lines of it; JSON has what result.json has of each, its curve among it. */
export function* trialLines(
  trials: readonly ResultTrial[],
  format: TrialFormat,
): Generator<string> {
  if (format === 'json') {
    yield JSON.stringify(trials, null, 2);
    return;
  }
  if (format === 'csv') yield csvLine(COLUMNS.map(({ title }) => title));
  for (const trial of trials)
    yield format === 'csv'
      ? csvLine(COLUMNS.map(({ value }) => value(trial)))
      : JSON.stringify(trial);
}
