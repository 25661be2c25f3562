// What the tables for readers show of each row, as plain text. Pure.
import { trainingsText, verdictOn } from '../../comparison/index.ts';
import { formatCount, formatPoints } from '../../quantities/index.ts';
import { distancesOf, type Row } from './rows.ts';

export interface TextColumn {
  readonly title: string;
  readonly isNumber: boolean;
  readonly of: (row: Row) => string;
}

/** Nothing was measured, or nothing is to be. */
const NONE = '–';

const number = (title: string, of: (row: Row) => string | undefined): TextColumn => ({
  title,
  isNumber: true,
  of: (row) => of(row) ?? NONE,
});

const percent = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : (100 * share).toFixed(2);

export function columnsOf(rows: readonly Row[]): TextColumn[] {
  return [
    {
      title: 'rules',
      isNumber: false,
      of: ({ title, control }) => (control ? title : capital(title)),
    },
    number('test accuracy [%]', accuracy),
    number('trainings', trainingsText),
    ...(rows.some(({ control }) => control !== undefined)
      ? [number('difference [points]', difference)]
      : []),
    number('parameters', ({ parameters }) => count(parameters)),
    number('MACs', ({ macs }) => count(macs)),
    ...distancesOf(rows).map((distance) =>
      number(`robust, ${distance} [%]`, ({ robust }) => percent(robust.get(distance))),
    ),
  ];
}

const count = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : formatCount(value);

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const accuracy = ({ mean, standardDeviation }: Row): string | undefined =>
  standardDeviation === undefined
    ? percent(mean)
    : `${percent(mean)} ± ${percent(standardDeviation)}`;

/** Of the network to this control, with its interval; a star where the interval leaves out 0 and the seeds bear a claim. */
function difference(row: Row): string | undefined {
  if (row.difference === undefined) return undefined;
  const { mean, interval } = row.difference;
  const verdict = verdictOn(row);
  const star = verdict === 'better' || verdict === 'worse' ? '*' : '';
  const range =
    interval === undefined
      ? ''
      : ` [${formatPoints(interval.low)}, ${formatPoints(interval.high)}]`;
  return `${formatPoints(mean)}${star}${range}`;
}

/** What a reader has to know of the numbers. */
export function notesOf(rows: readonly Row[]): string[] {
  const compared = rows.some((row) => row.difference !== undefined);
  const attacked = distancesOf(rows).length > 0;
  return [
    'Test accuracy: mean ± standard deviation over trainings, each with a seed of its own.',
    ...(compared
      ? [
          'Difference: network minus control, paired by seed, with the 95 % bootstrap interval of its mean, each by itself; * where the interval excludes 0 and there are five seeds or more.',
        ]
      : []),
    ...(attacked
      ? [
          'Robust: what the strongest attack at the distance left, of the pictures that were attacked, of the training with the first seed.',
        ]
      : []),
  ];
}
