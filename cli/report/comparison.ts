// The network and its controls: a table of what was measured, and what may be claimed of it.
import {
  COMPARED_COLUMNS,
  type ComparedRow,
  type Comparison,
  subject,
} from '../comparison/index.ts';
import { html, type Markup } from './html.ts';
import { table } from './tables.ts';

export function comparisonMarkup(comparison: Comparison): Markup {
  const { variants } = comparison;
  const rows: ComparedRow[] = [
    { ...comparison, title: 'as found' },
    ...variants.map((variant) => ({ ...variant, title: subject(variant) })),
  ];
  const claims = variants.map(({ claim }) => html`<li>${claim}</li>`);
  const note = html`<p class="empty">Mean ± standard deviation. Differences are paired by seed; intervals are bootstrap intervals of their mean, each by itself at 95 %.</p>`;
  return html`${table(rows, COMPARED_COLUMNS)}${variants.length === 0 ? undefined : html`<ul class="claims">${claims}</ul>${note}`}`;
}
