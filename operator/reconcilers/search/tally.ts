// What a search has come to so far: counts, cost, the best and the Pareto set. Of bounded size, whatever the number of
// trials (design D3), and the same whether it grew trial by trial or was rebuilt from the ledger.
import type { Objective, RankedTrial } from '../../../crds/index.ts';
import { best, joinParetoSet, reachesTargets } from '../../search/index.ts';
import type { TrialRecord } from './record.ts';

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
  /** Final trials that have ended, and those of them that were trained. */
  readonly finalEnded: number;
  readonly final: readonly RankedTrial[];
  /** Objectives of the first trial that reached all targets. */
  readonly reached?: readonly number[];
}

export const NOTHING_YET: Tally = {
  succeeded: 0,
  failed: 0,
  deviceSeconds: 0,
  best: [],
  pareto: [],
  finalEnded: 0,
  final: [],
};

/** As many as the status shows; spec.final.topK is at most this. */
const KEPT = 10;
/** Members of the Pareto set that the status shows. */
const PARETO_KEPT = 20;

export function withRecord(
  tally: Tally,
  record: TrialRecord,
  objectives: readonly Objective[],
): Tally {
  const deviceSeconds = tally.deviceSeconds + record.deviceSeconds;
  const next = { ...tally, deviceSeconds };
  return record.purpose === 'Final'
    ? withFinal(next, record)
    : withSearched(next, record, objectives);
}

function withFinal(tally: Tally, record: TrialRecord): Tally {
  const finalEnded = tally.finalEnded + 1;
  if (record.outcome !== 'Trained') return { ...tally, finalEnded };
  const final = [...tally.final, ranked(record)].toSorted(
    (a, b) => (b.testAccuracy ?? 0) - (a.testAccuracy ?? 0),
  );
  return { ...tally, finalEnded, final: final.slice(0, KEPT) };
}

function withSearched(tally: Tally, record: TrialRecord, objectives: readonly Objective[]): Tally {
  if (record.outcome === 'Failed') return { ...tally, failed: tally.failed + 1 };
  const succeeded = tally.succeeded + 1;
  if (record.outcome !== 'Trained' || record.objectives === undefined)
    return { ...tally, succeeded };
  const trial = ranked(record);
  const reached =
    tally.reached ?? (reachesTargets(trial.objectives, objectives) ? trial.objectives : undefined);
  return {
    ...tally,
    succeeded,
    best: best([...tally.best, trial], objectives, KEPT),
    pareto:
      objectives.length > 1 ? joinParetoSet(tally.pareto, trial, objectives, PARETO_KEPT) : [],
    ...(reached === undefined ? {} : { reached }),
  };
}

function ranked({ name, index, genotype, objectives = [], result }: TrialRecord): RankedTrial {
  const testAccuracy = result?.metrics.testAccuracy;
  return {
    trial: name,
    index,
    genotype,
    objectives,
    ...(result === undefined ? {} : { parameters: result.metrics.parameters }),
    ...(testAccuracy === undefined ? {} : { testAccuracy }),
  };
}
