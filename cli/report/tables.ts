// The report's tables: ranking, final networks, failed trials.
import { shortGenotype } from '../genotype/index.ts';
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatObjectives,
  formatPercent,
} from '../quantities/index.ts';
import type { ResultTrial, SearchResult } from '../result/index.ts';
import { html, type Markup } from './html.ts';

interface Column {
  readonly title: string;
  readonly number?: boolean;
  readonly of: (trial: ResultTrial, rank: number) => string;
}

const RANK: Column = { title: 'rank', number: true, of: (_, rank) => String(rank + 1) };
const COST: readonly Column[] = [
  { title: 'parameters', number: true, of: ({ metrics }) => count(metrics?.parameters) },
  { title: 'MACs', number: true, of: ({ metrics }) => count(metrics?.macs) },
  { title: 'time', number: true, of: ({ cost }) => formatDuration(cost.deviceSeconds) },
];
const NETWORK: Column = { title: 'network', of: ({ genotype }) => shortGenotype(genotype) };

const count = (value: number | undefined): string =>
  value === undefined ? '' : formatCount(value);

export function rankingTable({ best, trials, spec }: SearchResult): Markup {
  const names = spec.objectives.map(({ metric }) => metric).join(' / ');
  const score = ({ objectives = [] }: ResultTrial) => formatObjectives(spec.objectives, objectives);
  return table(pick(trials, best), [
    RANK,
    { title: 'trial', of: ({ index }) => `#${index}` },
    { title: names, number: true, of: score },
    ...COST,
    NETWORK,
  ]);
}

export function finalTable({ final, trials }: SearchResult): Markup {
  return table(pick(trials, final), [
    { title: 'network', of: ({ name }) => name },
    { title: 'from trial', of: ({ parent }) => (parent === undefined ? '' : `#${parent}`) },
    {
      title: 'test accuracy',
      number: true,
      of: ({ metrics }) =>
        metrics?.testAccuracy === undefined ? '' : formatPercent(metrics.testAccuracy),
    },
    {
      title: 'test loss',
      number: true,
      of: ({ metrics }) => (metrics?.testLoss === undefined ? '' : formatLoss(metrics.testLoss)),
    },
    ...COST,
  ]);
}

export const failedTrials = ({ trials }: SearchResult): ResultTrial[] =>
  trials.filter(({ state }) => state === 'Failed');

const SHOWN_FAILURES = 20;

export function failureTable(result: SearchResult): Markup {
  return table(failedTrials(result).slice(0, SHOWN_FAILURES), [
    { title: 'trial', of: ({ name }) => name },
    { title: 'reason', of: ({ reason }) => reason ?? '' },
    { title: 'message', of: ({ message }) => message ?? '' },
    { title: 'log', of: ({ artifacts }) => artifacts['log'] ?? '' },
  ]);
}

function pick(
  trials: readonly ResultTrial[],
  ranked: readonly { readonly trial: string }[],
): ResultTrial[] {
  const byName = new Map(trials.map((trial) => [trial.name, trial]));
  return ranked.flatMap(({ trial }) => byName.get(trial) ?? []);
}

function table(trials: readonly ResultTrial[], columns: readonly Column[]): Markup {
  const kind = ({ number }: Column) => (number === true ? 'number' : 'words');
  const head = columns.map(
    (column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`,
  );
  const rows = trials.map(
    (trial, rank) =>
      html`<tr>${columns.map((column) => html`<td class="${kind(column)}">${column.of(trial, rank)}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
