// The network and its controls: a table of what was measured, and what may be claimed of it.
import { type Comparison, subject, trainingsText, type Variant } from '../comparison/index.ts';
import { formatPoints, formatSpread } from '../quantities/index.ts';
import { html, type Markup } from './html.ts';
import { type Column, table } from './tables.ts';

type Row = Omit<Comparison, 'index' | 'genotype' | 'trial' | 'variants'> &
  Pick<Variant, 'difference'> & { readonly title: string };

const COLUMNS: readonly Column<Row>[] = [
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

export function comparisonMarkup(comparison: Comparison): Markup {
  const { variants } = comparison;
  const rows: Row[] = [
    { ...comparison, title: 'as found' },
    ...variants.map((variant) => ({ ...variant, title: subject(variant) })),
  ];
  const claims = variants.map(({ claim }) => html`<li>${claim}</li>`);
  const note = html`<p class="empty">Mean ± standard deviation. Differences are paired by seed; intervals are bootstrap intervals of their mean, each by itself at 95 %.</p>`;
  return html`${table(rows, COLUMNS)}${variants.length === 0 ? undefined : html`<ul class="claims">${claims}</ul>${note}`}`;
}

function interval({ difference }: Row): string {
  if (difference?.interval === undefined) return '';
  const { low, high } = difference.interval;
  return `${formatPoints(low)} to ${formatPoints(high)}`;
}
