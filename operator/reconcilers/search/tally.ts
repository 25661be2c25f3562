// What a search has come to so far: counts, cost, the best and the Pareto set. Of bounded size, whatever the number of
// trials (design D3), and the same whether it grew trial by trial or was rebuilt from the ledger.
import type { Objective, RankedTrial, RungSummary } from '../../../crds/index.ts';
import { best, joinParetoSet, reachesTargets } from '../../search/index.ts';
import { type AgainRecord, type EventRecord, isTrialRecord } from './ledger-records.ts';
import { networkOf, type TrialRecord } from './record.ts';
import { withArrival, withPromotion } from './rung-summary.ts';

export interface Tally {
  /** Search trials, diverged and infeasible ones included. */
  readonly succeeded: number;
  /** Of these, those outside of the constraints. */
  readonly infeasible: number;
  /** The one of them that is the least far outside, the earliest of equals. */
  readonly nearest?: { readonly trial: string; readonly violation: number };
  readonly failed: number;
  /** Of those that failed, the ones that the budget ended. */
  readonly cancelled: number;
  /** Of all recorded trials, final ones included. */
  readonly deviceSeconds: number;
  /** Most device seconds that a trial took for an epoch, its start and attacks included; of each kind that has trained. */
  readonly perEpoch: Readonly<Partial<Record<TrialRecord['purpose'], number>>>;
  /** Feasible search trials with a score, best first. */
  readonly best: readonly RankedTrial[];
  /** Feasible search trials that none beats in every objective, best first; empty for a single objective. */
  readonly pareto: readonly RankedTrial[];
  /** Names of the final trials that have ended, controls among them. */
  readonly finalEnded: readonly string[];
  /** Final networks that were trained, best mean test accuracy first. */
  readonly final: readonly FinalNetwork[];
  /** By epochs, where a scheduler pauses trials; empty where none does. */
  readonly rungs: readonly RungSummary[];
  /** Objectives of the first trial that reached all targets. */
  readonly reached?: readonly number[];
}

/** By its trial of the first seed that was trained; testAccuracy is the mean over seeds. */
export interface FinalNetwork extends RankedTrial {
  /** Index of the search trial that found it. */
  readonly from: number;
  /** One a seed that was trained. */
  readonly testAccuracies: readonly number[];
}

export const NOTHING_YET: Tally = {
  succeeded: 0,
  infeasible: 0,
  failed: 0,
  deviceSeconds: 0,
  cancelled: 0,
  perEpoch: {},
  best: [],
  pareto: [],
  finalEnded: [],
  final: [],
  rungs: [],
};

/** As many as the status shows; spec.final.topK is at most this. */
const KEPT = 10;
/** Members of the Pareto set that the status shows. */
const PARETO_KEPT = 20;

export function withRecord(
  tally: Tally,
  record: EventRecord,
  objectives: readonly Objective[],
): Tally {
  if (!isTrialRecord(record)) {
    if (record.kind === 'again') return tally;
    const [goal] = objectives;
    const rungs =
      record.kind === 'promotion'
        ? withPromotion(tally.rungs, record.epochs)
        : withArrival(tally.rungs, arrivalOf(record), goal);
    return { ...tally, rungs, perEpoch: withCost(tally.perEpoch, record) };
  }
  const deviceSeconds = tally.deviceSeconds + record.deviceSeconds;
  const next = { ...tally, deviceSeconds, perEpoch: withCost(tally.perEpoch, record) };
  return record.purpose === 'Final'
    ? withFinal(next, record)
    : withSearched(next, record, objectives);
}

function withCost(
  perEpoch: Tally['perEpoch'],
  record: Exclude<EventRecord, AgainRecord>,
): Tally['perEpoch'] {
  if ('kind' in record && record.kind === 'promotion') return perEpoch;
  const isEnd = isTrialRecord(record);
  const purpose = isEnd ? record.purpose : 'Search';
  const epochs = isEnd ? record.result?.epochs.at(-1)?.epoch : record.epochs;
  const { deviceSeconds } = record;
  if (epochs === undefined || deviceSeconds === undefined) return perEpoch;
  const most = Math.max(perEpoch[purpose] ?? 0, deviceSeconds / epochs);
  return { ...perEpoch, [purpose]: most };
}

function withFinal(tally: Tally, record: TrialRecord): Tally {
  const finalEnded = [...tally.finalEnded, record.name];
  if (record.outcome !== 'Trained' || record.control !== undefined) return { ...tally, finalEnded };
  const from = record.parent ?? record.index;
  const known = tally.final.find((network) => network.from === from);
  const final = [
    ...tally.final.filter((network) => network !== known),
    withSeed(known, { from, ...ranked(record) }),
  ].toSorted((a, b) => (b.testAccuracy ?? 0) - (a.testAccuracy ?? 0));
  return { ...tally, finalEnded, final: final.slice(0, KEPT) };
}

function withSeed(
  known: FinalNetwork | undefined,
  trained: RankedTrial & Pick<FinalNetwork, 'from'>,
): FinalNetwork {
  const testAccuracies = [...(known?.testAccuracies ?? []), trained.testAccuracy ?? []].flat();
  const first = known === undefined || trained.index < known.index ? trained : known;
  if (testAccuracies.length === 0) return { ...first, testAccuracies };
  const sum = testAccuracies.toSorted((a, b) => a - b).reduce((total, each) => total + each, 0);
  return { ...first, testAccuracies, testAccuracy: sum / testAccuracies.length };
}

function withSearched(tally: Tally, record: TrialRecord, objectives: readonly Objective[]): Tally {
  if (record.outcome === 'Failed') return withFailed(tally, record);
  const succeeded = { ...tally, ...outside(tally, record), succeeded: tally.succeeded + 1 };
  if (record.outcome !== 'Trained' || record.objectives === undefined) return succeeded;
  // Let go, it is at its rung already.
  const arrives = record.epochs !== undefined && record.reason !== 'NotPromoted';
  const at = { ...arrivalOf(record), epochs: record.epochs ?? 0 };
  const arrived = arrives
    ? { ...succeeded, rungs: withArrival(tally.rungs, at, objectives[0]) }
    : succeeded;
  if (record.violation !== undefined) return arrived;
  const trial = ranked(record);
  const reached =
    tally.reached ?? (reachesTargets(trial.objectives, objectives) ? trial.objectives : undefined);
  return {
    ...arrived,
    best: best([...tally.best, trial], objectives, KEPT),
    pareto:
      objectives.length > 1 ? joinParetoSet(tally.pareto, trial, objectives, PARETO_KEPT) : [],
    ...(reached === undefined ? {} : { reached }),
  };
}

const withFailed = (tally: Tally, { reason }: TrialRecord): Tally => ({
  ...tally,
  failed: tally.failed + 1,
  cancelled: tally.cancelled + (reason === 'BudgetSpent' ? 1 : 0),
});

/** Counts a trial that is outside of the constraints. */
function outside(
  { infeasible, nearest }: Tally,
  { name, violation }: TrialRecord,
): Pick<Tally, 'infeasible' | 'nearest'> {
  if (violation === undefined) return { infeasible };
  const here = { trial: name, violation };
  const nearer = nearest === undefined || violation < nearest.violation;
  return { infeasible: infeasible + 1, nearest: nearer ? here : nearest };
}

/** Only what is feasible is the best of a rung. */
const arrivalOf = <Of extends Pick<TrialRecord, 'objectives' | 'violation'>>(record: Of): Of =>
  record.violation === undefined ? record : { ...record, objectives: undefined };

function ranked(record: TrialRecord): RankedTrial {
  const { name, index, objectives = [], result } = record;
  const testAccuracy = result?.metrics.testAccuracy;
  return {
    trial: name,
    index,
    genotype: networkOf(record),
    objectives,
    ...(result === undefined ? {} : { parameters: result.metrics.parameters }),
    ...(testAccuracy === undefined ? {} : { testAccuracy }),
  };
}
