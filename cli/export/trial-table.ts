// Every trial of a search as a row: for spreadsheets, data frames and programs. Pure.
import { METRICS } from '../../crds/index.ts';
import { type Column, csvLine } from '../output/index.ts';
import type { ResultTrial } from '../result/index.ts';

export interface TrialField extends Column<ResultTrial> {
  readonly type: 'text' | 'integer' | 'number' | 'time';
}

const typed =
  (type: TrialField['type']) =>
  (title: string, value: TrialField['value']): TrialField => ({ title, type, value });
const [text, integer, number, time] = [
  typed('text'),
  typed('integer'),
  typed('number'),
  typed('time'),
];

const COUNTS: readonly string[] = ['parameters', 'macs'];

/** In this order; later versions may add some at the end. */
export const TRIAL_FIELDS: readonly TrialField[] = [
  text('name', ({ name }) => name),
  integer('index', ({ index }) => index),
  text('purpose', ({ purpose }) => purpose),
  text('control', ({ control }) => control && `${control.kind} ${control.name}`),
  text('state', ({ state }) => state),
  text('reason', ({ reason }) => reason),
  integer('parent', ({ parent }) => parent),
  text('variation', ({ variation }) => variation),
  integer('seed', ({ seed }) => seed),
  number('violation', ({ violation }) => violation),
  ...METRICS.map((metric) =>
    (COUNTS.includes(metric) ? integer : number)(metric, ({ metrics }) => metrics?.[metric]),
  ),
  number('testAccuracy', ({ metrics }) => metrics?.testAccuracy),
  number('testLoss', ({ metrics }) => metrics?.testLoss),
  integer('epochs', ({ epochs }) => epochs.at(-1)?.epoch),
  integer('attempts', ({ cost }) => cost.attempts),
  number('deviceSeconds', ({ cost }) => cost.deviceSeconds),
  time('startTime', ({ startTime }) => startTime),
  time('completionTime', ({ completionTime }) => completionTime),
  text('genotype', ({ genotype }) => genotype),
  text('hash', ({ hash }) => hash),
];

const TEXT_FORMATS = ['csv', 'json', 'jsonl'] as const;
export const TRIAL_FORMATS = [...TEXT_FORMATS, 'parquet'] as const;
export type TrialFormat = (typeof TRIAL_FORMATS)[number];

/** The lines of it; JSON has what result.json has of each, its curve among it. */
export function* trialLines(
  trials: readonly ResultTrial[],
  format: (typeof TEXT_FORMATS)[number],
): Generator<string> {
  if (format === 'json') {
    yield JSON.stringify(trials, null, 2);
    return;
  }
  if (format === 'csv') yield csvLine(TRIAL_FIELDS.map(({ title }) => title));
  for (const trial of trials)
    yield format === 'csv'
      ? csvLine(TRIAL_FIELDS.map(({ value }) => value(trial)))
      : JSON.stringify(trial);
}
