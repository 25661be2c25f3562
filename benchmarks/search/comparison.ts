// Several contenders under the same seeds: regret at several budgets, and how often each is ahead of the first.
import {
  accuracyAfter,
  type Duel,
  duel,
  type SearchTable,
  type SimulatedSearch,
  type Spread,
  searchOn,
  spreadOf,
} from '../../cli/simulate/index.ts';
import { type Interval, wilsonInterval } from '../../cli/statistics/index.ts';
import type { BioNASSearch } from '../../crds/index.ts';

export interface Contender {
  readonly name: string;
  readonly searches: readonly SimulatedSearch[];
}

export interface Comparison {
  /** In trainings of a network to its end. */
  readonly budgets: readonly number[];
  /** The first is the control. */
  readonly contenders: readonly Contender[];
}

interface Table {
  readonly best: number;
  readonly epochs: number;
}

export function contend(
  search: BioNASSearch,
  { table, seeds, epochs }: { table: SearchTable; seeds: readonly number[]; epochs: number },
): SimulatedSearch[] {
  const run = searchOn(table, search);
  return seeds.map((seed) => run({ seed, epochs }));
}

interface AtBudget {
  readonly trainings: number;
  /** In points of accuracy. */
  readonly regret: Spread;
  readonly foundBest: number;
  readonly against: Duel;
  /** 95 % interval (Wilson) of the share of seeds that are ahead, of those that are not level. Absent where all are. */
  readonly aheadShare?: Interval;
}

function atBudget(
  { searches }: Contender,
  control: Contender,
  { trainings, best, epochs }: Table & { readonly trainings: number },
): AtBudget {
  const spent = trainings * epochs;
  const regrets = searches.map((search) =>
    Number((100 * (best - (accuracyAfter(search, spent) ?? 0))).toFixed(4)),
  );
  const against = duel(searches, control.searches, spent);
  const aheadShare = wilsonInterval(against.ahead, against.ahead + against.behind);
  return {
    trainings,
    regret: spreadOf(regrets),
    foundBest: regrets.filter((regret) => regret <= 0).length,
    against,
    ...(aheadShare === undefined ? {} : { aheadShare }),
  };
}

function figures({ budgets, contenders }: Comparison, table: Table) {
  const [control] = contenders;
  if (control === undefined) throw new RangeError('expected a control to compare with, got none');
  return contenders.map((contender) => ({
    name: contender.name,
    at: budgets.map((trainings) => atBudget(contender, control, { trainings, ...table })),
  }));
}

export const resultOf = (comparison: Comparison, table: Table) =>
  Object.fromEntries(figures(comparison, table).map(({ name, at }) => [name, at]));

/** As Markdown: regrets are medians. */
export function comparisonTable(comparison: Comparison, table: Table): string {
  const { budgets, contenders } = comparison;
  const control = contenders[0]?.name ?? '';
  const head = [
    '',
    ...budgets.map((trainings) => `regret at ${trainings}`),
    `ahead of \`${control}\` / level / behind at ${budgets.at(-2)}`,
    `the same at ${budgets.at(-1)}`,
  ];
  const rows = figures(comparison, table).map(({ name, at }) => [
    `\`${name}\``,
    ...at.map(({ regret }) => regret.median.toFixed(2)),
    ...at.slice(-2).map((each) => (name === control ? '' : duelText(each))),
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function duelText({ against: { ahead, level, behind }, aheadShare }: AtBudget): string {
  const percent = (share: number) => (100 * share).toFixed(0);
  const interval =
    aheadShare === undefined
      ? ''
      : ` (${percent(aheadShare.low)} to ${percent(aheadShare.high)} %)`;
  return `${ahead} / ${level} / ${behind}${interval}`;
}
