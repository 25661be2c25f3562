// The report's tables: ranking, final networks, failed trials.
import type { RuleAlignment } from '../../crds/index.ts';
import { shortGenotype } from '../genotype/index.ts';
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatObjectives,
  formatPercent,
  formatSpread,
} from '../quantities/index.ts';
import type { ResultTrial, SearchResult } from '../result/index.ts';
import { html, type Markup } from './html.ts';

export interface Column<Row = ResultTrial> {
  readonly title: string;
  readonly number?: boolean;
  readonly of: (row: Row, rank: number) => string;
}

const RANK: Column = { title: 'rank', number: true, of: (_, rank) => String(rank + 1) };
const COST: readonly Column[] = [
  { title: 'parameters', number: true, of: ({ metrics }) => count(metrics?.parameters) },
  { title: 'MACs', number: true, of: ({ metrics }) => count(metrics?.macs) },
  { title: 'time', number: true, of: ({ cost }) => formatDuration(cost.deviceSeconds) },
];
const derivedOf = ({ epochs, supernet }: ResultTrial) =>
  epochs.find(({ epoch }) => epoch === supernet?.epoch)?.derived;
/** Of supernets, normal / reduction cell. */
const DERIVED: readonly Column[] = [
  {
    title: 'entropy of shares',
    number: true,
    of: (trial) => {
      const { normal, reduce } = derivedOf(trial)?.entropy ?? {};
      return [normal, reduce].map((value) => value?.toFixed(2) ?? '').join(' / ');
    },
  },
  {
    title: 'skips',
    number: true,
    of: (trial) => {
      const { normal, reduce } = derivedOf(trial)?.skips ?? {};
      return `${normal ?? ''} / ${reduce ?? ''}`;
    },
  },
];
/** Of supernets of single paths, on the pictures that these were chosen by. */
const JUDGED: readonly Column[] = [
  {
    title: 'paths judged',
    number: true,
    of: ({ supernet }) => count(supernet?.judged?.paths),
  },
  {
    title: 'best / mean of them',
    number: true,
    of: ({ supernet }) => {
      const { accuracy, mean } = supernet?.judged ?? {};
      return [accuracy, mean]
        .map((value) => (value === undefined ? '' : formatPercent(value)))
        .join(' / ');
    },
  },
];
const NETWORK: Column = { title: 'network', of: ({ genotype }) => shortGenotype(genotype) };

const count = (value: number | undefined): string =>
  value === undefined ? '' : formatCount(value);

export function rankingTable({ trials, spec }: SearchResult, ranked: SearchResult['best']): Markup {
  const rows = pick(trials, ranked);
  const names = spec.objectives.map(({ metric }) => metric).join(' / ');
  const score = ({ objectives = [] }: ResultTrial) => formatObjectives(spec.objectives, objectives);
  const supernets = rows.some(({ supernet }) => supernet !== undefined);
  const paths = rows.some(({ supernet }) => supernet?.judged !== undefined);
  return table(rows, [
    RANK,
    { title: 'trial', of: ({ index }) => `#${index}` },
    { title: supernets ? `${names} of the supernet` : names, number: true, of: score },
    ...(paths ? JUDGED : supernets ? DERIVED : []),
    ...COST,
    NETWORK,
  ]);
}

/** Trials in, promoted, best: from the lowest rung up. */
export function rungTable({ rungs, spec }: SearchResult): Markup {
  const [objective] = spec.objectives;
  return table(rungs, [
    { title: 'epochs', number: true, of: ({ epochs }) => String(epochs) },
    { title: 'trials', number: true, of: ({ trials }) => String(trials) },
    { title: 'promoted', number: true, of: ({ promoted }) => String(promoted) },
    {
      title: `best ${objective?.metric ?? ''}`,
      number: true,
      of: ({ best }) =>
        best === undefined || objective === undefined ? '' : formatObjectives([objective], [best]),
    },
  ]);
}

export function finalTable({ final, trials, comparisons }: SearchResult): Markup {
  const accuracy = ({ parent, metrics }: ResultTrial): string => {
    const { mean, standardDeviation } = comparisons.find(({ index }) => index === parent) ?? {};
    const tested = mean ?? metrics?.testAccuracy;
    return tested === undefined ? '' : formatSpread(tested, standardDeviation);
  };
  return table(pick(trials, final), [
    { title: 'network', of: ({ name }) => name },
    { title: 'from trial', of: ({ parent }) => (parent === undefined ? '' : `#${parent}`) },
    {
      title: 'test accuracy',
      number: true,
      of: accuracy,
    },
    {
      title: 'test loss',
      number: true,
      of: ({ metrics }) => (metrics?.testLoss === undefined ? '' : formatLoss(metrics.testLoss)),
    },
    ...COST,
  ]);
}

/** Of the winner, by rule. */
export const winnersAlignment = ({ final, best, trials }: SearchResult): RuleAlignment[] =>
  pick(trials, [...final, ...best])[0]?.alignment ?? [];

const degrees = (angle: number | undefined): string =>
  angle === undefined ? '' : `${angle.toFixed(1)}°`;
const times = (ratio: number | undefined): string =>
  ratio === undefined ? '' : `${ratio.toPrecision(3)} ×`;

export function alignmentTable(result: SearchResult): Markup {
  return table(winnersAlignment(result), [
    { title: 'rule', of: ({ rule }) => rule },
    { title: 'layers', number: true, of: ({ layers }) => String(layers) },
    { title: 'feedback to weights', number: true, of: (of) => degrees(of.feedbackAngle) },
    { title: 'length', number: true, of: (of) => times(of.feedbackRatio) },
    { title: 'gradient to the exact one', number: true, of: (of) => degrees(of.gradientAngle) },
    { title: 'length', number: true, of: (of) => times(of.gradientRatio) },
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

/** The trials of a ranking, in its order. */
export function pick(
  trials: readonly ResultTrial[],
  ranked: readonly { readonly trial: string }[],
): ResultTrial[] {
  const byName = new Map(trials.map((trial) => [trial.name, trial]));
  return ranked.flatMap(({ trial }) => byName.get(trial) ?? []);
}

export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Markup {
  const kind = ({ number }: Column<Row>) => (number === true ? 'number' : 'words');
  const head = columns.map(
    (column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`,
  );
  const body = rows.map(
    (row, rank) =>
      html`<tr>${columns.map((column) => html`<td class="${kind(column)}">${column.of(row, rank)}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
