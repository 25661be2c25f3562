// What a search's status says, from what is known: counts, the best, where it stands and why. Pure.
import type {
  BioNASSearch,
  BioNASSearchStatus,
  RankedTrial,
  SearchReason,
} from '../../../crds/index.ts';
import { best } from '../../search/index.ts';
import { type Judgement, setCondition } from '../conditions.ts';
import type { SearchMemory } from './memory.ts';
import type { TrialRecord } from './record.ts';

const KEPT = 10;

export interface Standing {
  readonly phase: BioNASSearchStatus['phase'];
  readonly reason: SearchReason;
  readonly message: string;
}

function ranked(record: TrialRecord): RankedTrial {
  const { name, index, genotype, objectives = [], result } = record;
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

/** Search trials with a score, best first. */
export function bestSearched(
  memory: SearchMemory,
  search: BioNASSearch,
  limit: number,
): TrialRecord[] {
  const scored = memory.searched.flatMap((record) =>
    record.objectives === undefined || record.outcome !== 'Trained'
      ? []
      : [{ ...record, objectives: record.objectives }],
  );
  return best(scored, search.spec.objectives, limit);
}

function counts(memory: SearchMemory, running: number): BioNASSearchStatus['trials'] {
  const failed = memory.searched.filter(({ outcome }) => outcome === 'Failed').length;
  const { proposed } = memory;
  return { proposed, running, succeeded: memory.searched.length - failed, failed };
}

const TERMINAL = { Completed: 'Completed', Failed: 'Failed' } as const;

function conditions(
  before: BioNASSearchStatus,
  { phase, reason, message }: Standing,
  judgement: Judgement,
) {
  const is = (type: string, holds: boolean) => ({
    type,
    status: holds ? ('True' as const) : ('False' as const),
    reason,
    message,
  });
  const changes = [
    is('Ready', phase === 'Searching' || phase === 'Finalizing'),
    is('Suspended', phase === 'Suspended'),
    ...(phase in TERMINAL ? [is(phase, true)] : []),
  ];
  return changes.reduce((list, change) => setCondition(list, change, judgement), before.conditions);
}

export interface StatusInput {
  readonly search: BioNASSearch;
  readonly before: BioNASSearchStatus;
  readonly memory: SearchMemory;
  readonly running: number;
  readonly deviceSeconds: number;
  readonly standing: Standing;
}

export function searchStatus(input: StatusInput, judgement: Judgement): BioNASSearchStatus {
  const { before, memory, standing, search } = input;
  const ended = standing.phase === 'Completed' || standing.phase === 'Failed';
  const final = memory.final.filter(({ outcome }) => outcome === 'Trained').map(ranked);
  return {
    ...before,
    observedGeneration: judgement.generation,
    phase: standing.phase,
    conditions: conditions(before, standing, judgement),
    ...(memory.proposed === 0 ? {} : { startTime: before.startTime ?? judgement.now }),
    ...(ended ? { completionTime: before.completionTime ?? judgement.now } : {}),
    trials: counts(memory, input.running),
    deviceSeconds: Math.round(input.deviceSeconds * 10) / 10,
    best: bestSearched(memory, search, KEPT).map(ranked),
    final: final.toSorted((a, b) => (b.testAccuracy ?? 0) - (a.testAccuracy ?? 0)).slice(0, KEPT),
  };
}
