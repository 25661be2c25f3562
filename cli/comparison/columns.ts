// What is measured of a network beside its controls, as report.html and the dashboard's page show it. Pure.
import { formatPoints, formatSpread } from '../quantities/index.ts';
import { type Trainings, trainingsText } from './claim.ts';
import type { Variant } from './schema.ts';

/** A network, or a control of it; `title` is what it is called there. */
export type ComparedRow = Trainings &
  Pick<Variant, 'mean' | 'standardDeviation' | 'difference'> & { readonly title: string };

interface ComparedColumn {
  readonly title: string;
  readonly number?: true;
  readonly of: (row: ComparedRow) => string;
}

export const COMPARED_COLUMNS: readonly ComparedColumn[] = [
  { title: 'rules', of: ({ title }) => title },
  { title: 'trainings', number: true, of: trainingsText },
  {
    title: 'test accuracy',
    number: true,
    of: ({ mean, standardDeviation }) =>
      mean === undefined ? '' : formatSpread(mean, standardDeviation),
  },
  {
    title: 'network − control [points]',
    number: true,
    of: ({ difference }) => (difference === undefined ? '' : formatPoints(difference.mean)),
  },
  { title: '95 % interval', number: true, of: interval },
  {
    title: 'pairs',
    number: true,
    of: ({ difference }) => (difference === undefined ? '' : String(difference.seeds)),
  },
];

function interval({ difference }: ComparedRow): string {
  if (difference?.interval === undefined) return '';
  const { low, high } = difference.interval;
  return `${formatPoints(low)} to ${formatPoints(high)}`;
}
