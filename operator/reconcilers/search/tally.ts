// What a search has come to so far: counts, cost, the best and the Pareto set. Of bounded size, whatever the number of
// trials (design D3), and the same whether it grew trial by trial or was rebuilt from the ledger.
import type { Objective, RankedTrial, RungSummary } from '../../../crds/index.ts';
import { best, joinParetoSet, reachesTargets } from '../../search/index.ts';
import { isTrialRecord, type LedgerRecord } from './ledger-records.ts';
import { networkOf, type TrialRecord } from './record.ts';
import { withArrival, withPromotion } from './rung-summary.ts';

export interface Tally {
  /** Search trials, diverged ones included. */
  readonly succeeded: number;
  readonly failed: number;
  /** Of all recorded trials, final ones included. */
  readonly deviceSeconds: number;
  /** Search trials with a score, best first. */
  readonly best: readonly RankedTrial[];
  /** Search trials that none beats in every objective, best first; empty for a single objective. */
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
  failed: 0,
  deviceSeconds: 0,
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
  record: LedgerRecord,
  objectives: readonly Objective[],
): Tally {
  if (!isTrialRecord(record)) {
    const [goal] = objectives;
    const rungs =
      record.kind === 'promotion'
        ? withPromotion(tally.rungs, record.epochs)
        : withArrival(tally.rungs, record, goal);
    return { ...tally, rungs };
  }
  const deviceSeconds = tally.deviceSeconds + record.deviceSeconds;
  const next = { ...tally, deviceSeconds };
  return record.purpose === 'Final'
    ? withFinal(next, record)
    : withSearched(next, record, objectives);
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
  if (record.outcome === 'Failed') return { ...tally, failed: tally.failed + 1 };
  const succeeded = tally.succeeded + 1;
  if (record.outcome !== 'Trained' || record.objectives === undefined)
    return { ...tally, succeeded };
  const trial = ranked(record);
  const reached =
    tally.reached ?? (reachesTargets(trial.objectives, objectives) ? trial.objectives : undefined);
  // Let go, it is at its rung already.
  const arrives = record.epochs !== undefined && record.reason !== 'NotPromoted';
  const at = { epochs: record.epochs ?? 0, objectives: record.objectives };
  return {
    ...tally,
    succeeded,
    ...(arrives ? { rungs: withArrival(tally.rungs, at, objectives[0]) } : {}),
    best: best([...tally.best, trial], objectives, KEPT),
    pareto:
      objectives.length > 1 ? joinParetoSet(tally.pareto, trial, objectives, PARETO_KEPT) : [],
    ...(reached === undefined ? {} : { reached }),
  };
}

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
