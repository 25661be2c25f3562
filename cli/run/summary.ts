// What a person reads at the end of a run: the ranking, the winner, where its files are, and what to do next. Pure.
import { join } from 'node:path';
import { shortGenotype } from '../genotype/index.ts';
import { aligned } from '../output/index.ts';
import {
  formatCount,
  formatDuration,
  formatObjectives,
  formatSpread,
} from '../quantities/index.ts';
import { maskingSentences, type ResultTrial, type SearchResult } from '../result/index.ts';
import { cut } from './cut.ts';
import { rungWords } from './rungs.ts';
import type { Colors } from './table.ts';

export interface Ending {
  readonly result: SearchResult;
  /** Directory of the search, as it is best shown. */
  readonly directory: string;
  /** The command that goes on where this run stopped. */
  readonly command: string;
}

export interface Paper {
  readonly colors: Colors;
  /** Columns; rows of the ranking are cut to it. Default: as long as they are. */
  readonly width?: number;
}

export function summaryLines(ending: Ending, paper: Paper): string[] {
  const { result } = ending;
  const { colors } = paper;
  return [
    ...ranking(result, paper),
    ...finals(result, colors),
    ...failures(ending, colors),
    '',
    ...verdict(result, colors),
    ...files(ending),
    ...next(ending, colors),
  ];
}

function ranking({ best, trials, spec }: SearchResult, { colors, width }: Paper): string[] {
  if (best.length === 0) return [];
  const byName = new Map(trials.map((trial) => [trial.name, trial]));
  const rows = best.map(({ trial, index, genotype, parameters, macs }, rank) => [
    String(rank + 1),
    `#${index}`,
    formatObjectives(spec.objectives, byName.get(trial)?.objectives ?? []),
    parameters === undefined ? '' : formatCount(parameters),
    macs === undefined ? '' : formatCount(macs),
    shortGenotype(genotype),
  ]);
  const names = spec.objectives.map(({ metric }) => metric).join(' / ');
  const [title = '', ...lines] = aligned(
    [['rank', 'trial', names, 'parameters', 'MACs', 'network'], ...rows],
    { gap: '  ' },
  ).map((line) => cut(line, width ?? line.length));
  return ['', colors.dim(title), ...lines];
}

function masking(trial: string, { trials }: SearchResult): string[] {
  const robustness = trials.find(({ name }) => name === trial)?.robustness;
  const [most, ...others] = robustness === undefined ? [] : maskingSentences(robustness);
  if (most === undefined) return [];
  const more = others.length === 0 ? '' : ` At ${others.length} more, see the report.`;
  return [`  ${most}${more}`];
}

function finals(result: SearchResult, colors: Colors): string[] {
  const [winner, ...others] = result.final.map((network) => ({
    ...network,
    line: `${network.trial}: test accuracy ${accuracyOf(network.trial, result)}`,
  }));
  if (winner === undefined) return [];
  return [
    '',
    colors.bold(colors.green(`winner ${winner.line}`)),
    `  ${shortGenotype(winner.genotype)}`,
    `  ${winner.genotype}`,
    ...others.map(({ line }) => line),
    ...masking(winner.trial, result),
    ...claims(winner.trial, result, colors),
  ];
}

const comparisonOf = (trial: string, { comparisons }: SearchResult) =>
  comparisons.find(({ trials }) => trials.includes(trial));

function accuracyOf(trial: string, result: SearchResult): string {
  const { testAccuracy } = result.final.find((network) => network.trial === trial) ?? {};
  if (testAccuracy === undefined) return 'not tested';
  const { standardDeviation, trained = 1 } = comparisonOf(trial, result) ?? {};
  const seeds = trained > 1 ? ` (${trained} seeds)` : '';
  return `${formatSpread(testAccuracy, standardDeviation)}${seeds}`;
}

/** Those of the other networks are in the report. */
function claims(winner: string, result: SearchResult, colors: Colors): string[] {
  const { variants = [] } = comparisonOf(winner, result) ?? {};
  if (variants.length === 0) return [];
  return ['', colors.bold('what may be claimed'), ...variants.map(({ claim }) => `  ${claim}`)];
}

const SHOWN_FAILURES = 3;

/** Trials that failed for one reason are told once. */
function failures({ result, directory }: Ending, colors: Colors): string[] {
  const failed = result.trials.filter(({ state }) => state === 'Failed');
  if (failed.length === 0) return [];
  const reasons = [...Map.groupBy(failed, reasonOf)];
  const lines = reasons
    .slice(0, SHOWN_FAILURES)
    .flatMap(([reason, trials]) => failure(reason, trials, directory));
  const more = reasons.length - SHOWN_FAILURES;
  const rest =
    more > 0 ? [`  and ${more} other ${more === 1 ? 'reason' : 'reasons'}, in result.json`] : [];
  return ['', colors.red('failed trials'), ...lines, ...rest];
}

function reasonOf({ reason = 'Failed', message = '' }: ResultTrial): string {
  const [line = ''] = message.split('\n');
  return `${reason}, ${line}`;
}

function failure(reason: string, trials: readonly ResultTrial[], directory: string): string[] {
  const [first] = trials;
  const log = first?.artifacts['log'];
  const others = trials.length > 1 ? ` and ${trials.length - 1} more` : '';
  return [
    `  ${first?.name ?? ''}${others}: ${reason}`,
    ...(log === undefined ? [] : [`    log: ${join(directory, log)}`]),
  ];
}

function verdict(result: SearchResult, colors: Colors): string[] {
  const { search, state, message, counts, cost } = result;
  const paint = { Completed: colors.green, Failed: colors.red, Interrupted: colors.yellow }[state];
  const trials = [
    `${counts.trained} trained`,
    ...(counts.diverged > 0 ? [`${counts.diverged} diverged`] : []),
    ...(counts.infeasible > 0 ? [`${counts.infeasible} infeasible`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.unfinished > 0 ? [`${counts.unfinished} unfinished`] : []),
  ].join(', ');
  const front = result.pareto.map(({ index }) => `#${index}`).join(' ');
  const rungs = rungWords(result.rungs, result.spec.objectives[0]);
  const time = `${formatDuration(cost.wallSeconds)}, device time ${formatDuration(cost.deviceSeconds)}`;
  return [
    `${colors.bold(search.name)} ${paint(state.toLowerCase())}: ${message}`,
    `  ${'trials'.padEnd(9)} ${trials}`,
    ...(front === ''
      ? []
      : [`  ${'front'.padEnd(9)} ${front}, which none beats in all objectives`]),
    ...(rungs === '' ? [] : [`  ${'rungs'.padEnd(9)} ${rungs}`]),
    `  ${'time'.padEnd(9)} ${time}`,
  ];
}

const SHOWN_FILES = [
  ['model', 'model.onnx'],
  ['genotype', 'genotype.json'],
] as const;

function files({ result, directory }: Ending): string[] {
  // What checkpoints.place keeps elsewhere is named as it is.
  const at = (path: string) => (/^\/|:\/\//.test(path) ? path : join(directory, path));
  const winner = SHOWN_FILES.flatMap(([title, name]) => {
    const path = result.artifacts[name];
    return path === undefined ? [] : [`  ${title.padEnd(9)} ${at(path)}`];
  });
  return [
    `  ${'report'.padEnd(9)} ${at('report.html')}`,
    `  ${'result'.padEnd(9)} ${at('result.json')}`,
    ...winner,
  ];
}

function next({ result, directory, command }: Ending, colors: Colors): string[] {
  if (result.state === 'Interrupted') return ['', `Resume with: ${colors.bold(command)}`];
  if (result.state === 'Completed') return [];
  const again = colors.bold(`${command} --fresh`);
  if (result.reason === 'NoneFeasible')
    return ['', `Widen spec.constraints or search other networks, then start over with: ${again}`];
  const logs = join(directory, 'logs');
  return [
    '',
    `Read the failed trials' logs in ${logs}, mend what they name, then start over with: ${again}`,
  ];
}
