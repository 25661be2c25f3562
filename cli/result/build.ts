// From what the operator knows (search, ledger, live trials) to a SearchResult. Pure; the clock is an argument.
import { isAbsolute, relative } from 'node:path';
import { type BioNASSearch, type EpochMetrics, type Trial, textHash } from '../../crds/index.ts';
import {
  controlsOfNetwork,
  isPaused,
  isTrue,
  networkOf,
  type TrialRecord,
} from '../../operator/reconcilers/index.ts';
import { type Comparison, compare } from '../comparison/index.ts';
import type { RankedResult, ResultTrial, SearchResult } from './schema.ts';

export interface ResultInput {
  readonly search: BioNASSearch;
  readonly records: readonly TrialRecord[];
  /** Trials that no record tells of. */
  readonly unfinished: readonly Trial[];
  /** Epochs that a running trial has told of so far. */
  readonly epochsOf: (trial: Trial) => readonly EpochMetrics[];
  /** Absolute. */
  readonly directory: string;
  readonly now: number;
}

const KEPT = 10;

export function searchResult(input: ResultInput): SearchResult {
  const { search, records, unfinished, now } = input;
  const trials = [
    ...records.map((record) => finishedTrial(record, input)),
    ...unfinished.map((trial) => unfinishedTrial(trial, input)),
  ].toSorted((a, b) => a.index - b.index || a.name.localeCompare(b.name));
  const best = search.status?.best ?? [];
  const final = search.status?.final ?? [];
  const ranked = (list: typeof best) =>
    list.flatMap(({ trial, testAccuracy }) => {
      const found = trials.find(({ name }) => name === trial);
      if (found === undefined) return [];
      return [{ ...rankedResult(found), ...(testAccuracy === undefined ? {} : { testAccuracy }) }];
    });
  return {
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'SearchResult',
    search: {
      name: search.metadata.name,
      namespace: search.metadata.namespace ?? '',
      uid: search.metadata.uid ?? '',
    },
    ...ending(search),
    seed: search.spec.seed,
    spec: search.spec,
    ...times(search, now),
    counts: counts(search, trials),
    cost: cost(search, trials, now),
    trials,
    best: ranked(best.slice(0, KEPT)),
    pareto: ranked(search.status?.pareto ?? []),
    final: ranked(final.slice(0, KEPT)),
    rungs: search.status?.rungs ?? [],
    comparisons: comparisonsOf(search, trials, compare),
    artifacts: searchArtifacts(trials, [...final, ...best][0]?.trial),
  };
}

/** One a final network that `by` has anything to say of, in the order in which the search ranked them. */
export function comparisonsOf(
  search: BioNASSearch,
  trials: readonly ResultTrial[],
  by: typeof compare,
): Comparison[] {
  const networks = Map.groupBy(
    trials.filter(({ purpose, parent }) => purpose === 'Final' && parent !== undefined),
    ({ parent }) => parent,
  );
  return [...networks].flatMap(([parent, ofNetwork]) => {
    const own = ofNetwork.find(({ control }) => control === undefined);
    if (own === undefined || parent === undefined) return [];
    const network = { index: parent, genotype: own.genotype };
    const plan = controlsOfNetwork(search, network);
    const { controls } = search.spec.final;
    return by({ ...network, trials: ofNetwork, plan, controls }) ?? [];
  });
}

function ending({ status }: BioNASSearch): Pick<SearchResult, 'state' | 'reason' | 'message'> {
  for (const state of ['Completed', 'Failed'] as const) {
    if (!isTrue(status?.conditions, state)) continue;
    const condition = status?.conditions.find(({ type }) => type === state);
    return { state, reason: condition?.reason ?? state, message: condition?.message ?? '' };
  }
  const message = 'stopped before its end; the same command resumes it';
  return { state: 'Interrupted', reason: 'Interrupted', message };
}

const times = ({ status }: BioNASSearch, now: number) => ({
  ...(status?.startTime === undefined ? {} : { startTime: status.startTime }),
  ...(status?.completionTime === undefined ? {} : { completionTime: status.completionTime }),
  writeTime: new Date(now).toISOString(),
});

function counts({ status }: BioNASSearch, trials: readonly ResultTrial[]): SearchResult['counts'] {
  const inState = (state: ResultTrial['state']) =>
    trials.filter((trial) => trial.purpose === 'Search' && trial.state === state).length;
  return {
    proposed: status?.trials.proposed ?? 0,
    trained: inState('Trained'),
    diverged: inState('Diverged'),
    infeasible: inState('Infeasible'),
    failed: inState('Failed'),
    unfinished: trials.filter(isUnfinished).length,
  };
}

function cost(
  { status }: BioNASSearch,
  trials: readonly ResultTrial[],
  now: number,
): SearchResult['cost'] {
  const seconds = trials.reduce((sum, { cost: { deviceSeconds } }) => sum + deviceSeconds, 0);
  const end = status?.completionTime === undefined ? now : Date.parse(status.completionTime);
  const start = status?.startTime === undefined ? end : Date.parse(status.startTime);
  return { deviceSeconds: thousandths(seconds), wallSeconds: Math.max(0, end - start) / 1000 };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

const isUnfinished = ({ state }: Pick<ResultTrial, 'state'>): boolean =>
  state === 'Waiting' || state === 'Running' || state === 'Paused';

/** What a record tells of its trial; `directory` is that of a local run. */
export function finishedTrial(
  record: TrialRecord,
  { directory }: Pick<ResultInput, 'directory'>,
): ResultTrial {
  const { objectives, violation, result, attempts, deviceSeconds, startTime } = record;
  const { name, index, purpose, control, seed } = record;
  const genotype = networkOf(record);
  const { completionTime, reason, message } = record;
  return {
    name,
    index,
    purpose,
    ...(control === undefined ? {} : { control }),
    state: stateOf(record),
    genotype,
    hash: textHash(genotype),
    ...lineage(record),
    seed,
    ...(objectives === undefined ? {} : scores(objectives)),
    ...(violation === undefined ? {} : { violation }),
    ...(result === undefined ? {} : { metrics: result.metrics }),
    cost: { deviceSeconds, attempts },
    ...(startTime === undefined ? {} : { startTime }),
    ...(completionTime === '' ? {} : { completionTime }),
    reason,
    message,
    epochs: result?.epochs ?? [],
    ...(result?.supernet === undefined ? {} : { supernet: result.supernet }),
    ...(result?.alignment === undefined ? {} : { alignment: result.alignment }),
    ...(result?.robustness === undefined ? {} : { robustness: result.robustness }),
    artifacts: { ...within(directory, result?.artifacts ?? {}), log: logOf(name, attempts - 1) },
  };
}

const stateOf = ({ outcome, violation }: TrialRecord): ResultTrial['state'] =>
  outcome === 'Trained' && violation !== undefined ? 'Infeasible' : outcome;

function scores(objectives: readonly number[]): Pick<ResultTrial, 'score' | 'objectives'> {
  const [score] = objectives;
  return { ...(score === undefined ? {} : { score }), objectives: [...objectives] };
}

export function unfinishedTrial(
  trial: Trial,
  { epochsOf }: Pick<ResultInput, 'epochsOf'>,
): ResultTrial {
  const { metadata, spec, status } = trial;
  const running = isTrue(status?.conditions, 'Running');
  const started = status?.startTime !== undefined;
  const attempt = status?.attempt ?? 0;
  return {
    name: metadata.name,
    index: spec.index,
    purpose: spec.purpose,
    ...(spec.control === undefined ? {} : { control: spec.control }),
    state: isPaused(trial) ? 'Paused' : running ? 'Running' : 'Waiting',
    genotype: spec.genotype,
    hash: textHash(spec.genotype),
    ...lineage(spec),
    seed: spec.seed,
    cost: { deviceSeconds: status?.deviceSeconds ?? 0, attempts: started ? attempt + 1 : 0 },
    ...(status?.startTime === undefined ? {} : { startTime: status.startTime }),
    ...atRung(status),
    epochs: epochsSoFar(status?.result?.epochs, epochsOf(trial)),
    artifacts: started ? { log: logOf(metadata.name, attempt) } : {},
  };
}

/** What it was worth where it paused last. */
function atRung(status: Trial['status']): Pick<ResultTrial, 'metrics'> {
  const metrics = status?.rungs?.at(-1)?.metrics;
  return metrics === undefined ? {} : { metrics };
}

/** Of its status until where it paused, and behind it what it has told of since. */
function epochsSoFar(
  paused: readonly EpochMetrics[] = [],
  told: readonly EpochMetrics[],
): EpochMetrics[] {
  const epochs = new Map([...told, ...paused].map((one) => [one.epoch, one]));
  return [...epochs.values()].toSorted((a, b) => a.epoch - b.epoch);
}

const lineage = ({ parent, variation }: Pick<TrialRecord, 'parent' | 'variation'>) => ({
  ...(parent === undefined ? {} : { parent }),
  ...(variation === undefined ? {} : { variation }),
});

const logOf = (trial: string, attempt: number): string => `logs/${trial}-${attempt}.log`;

/** Files inside the directory by their relative name, so that it can be moved. */
function within(directory: string, artifacts: Readonly<Record<string, string>>) {
  const named = Object.entries(artifacts).map(([name, path]) => {
    const inside = relative(directory, path);
    const outside = !isAbsolute(path) || inside.startsWith('..') || isAbsolute(inside);
    return [name, outside ? path : inside] as const;
  });
  return Object.fromEntries(named);
}

function rankedResult({ name, index, genotype, score, metrics }: ResultTrial): RankedResult {
  return {
    trial: name,
    index,
    genotype,
    ...(score === undefined ? {} : { score }),
    ...(metrics?.testAccuracy === undefined ? {} : { testAccuracy: metrics.testAccuracy }),
    ...(metrics === undefined ? {} : { parameters: metrics.parameters, macs: metrics.macs }),
  };
}

function searchArtifacts(trials: readonly ResultTrial[], winner: string | undefined) {
  const { log: _, ...files } = trials.find(({ name }) => name === winner)?.artifacts ?? {};
  return { report: 'report.html', ledger: 'ledger.jsonl', ...files };
}
