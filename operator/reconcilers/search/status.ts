// What a search's status says, from what is known: counts, the best, where it stands and why. Pure.
import type {
  BioNASSearchStatus,
  RankedTrial,
  RungSummary,
  SearchReason,
} from '../../../crds/index.ts';
import { type Judgement, setCondition } from '../conditions.ts';
import type { SearchMemory } from './memory.ts';

export interface Standing {
  readonly phase: BioNASSearchStatus['phase'];
  readonly reason: SearchReason;
  readonly message: string;
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
  readonly before: BioNASSearchStatus;
  readonly memory: Pick<SearchMemory, 'proposed' | 'tally' | 'hasRungs' | 'paused'>;
  readonly running: number;
  readonly deviceSeconds: number;
  /** Where the budget bounds device time. */
  readonly reserved?: number;
  readonly standing: Standing;
}

export function searchStatus(input: StatusInput, judgement: Judgement): BioNASSearchStatus {
  const { before, memory, standing, running } = input;
  const { proposed, tally, hasRungs, paused } = memory;
  const { succeeded, infeasible, failed } = tally;
  const ended = standing.phase in TERMINAL;
  const { reservedDeviceSeconds: _, ...kept } = before;
  return {
    ...kept,
    observedGeneration: judgement.generation,
    phase: standing.phase,
    conditions: conditions(before, standing, judgement),
    ...(proposed === 0 ? {} : { startTime: before.startTime ?? judgement.now }),
    ...(ended ? { completionTime: before.completionTime ?? judgement.now } : {}),
    trials: {
      proposed,
      running,
      succeeded,
      ...(infeasible > 0 ? { infeasible } : {}),
      failed,
      ...(hasRungs ? { paused } : {}),
    },
    deviceSeconds: tenths(input.deviceSeconds),
    ...(input.reserved === undefined ? {} : { reservedDeviceSeconds: tenths(input.reserved) }),
    best: tally.best.map(shown),
    pareto: tally.pareto.map(shown),
    final: tally.final.map(({ from: _, testAccuracies: __, ...network }) => shown(network)),
    ...(hasRungs ? { rungs: tally.rungs.map(shownRung) } : {}),
  };
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Six digits are enough for people; the ledger has them all. */
const shown = (trial: RankedTrial): RankedTrial => ({
  ...trial,
  objectives: trial.objectives.map((value) => Number(value.toPrecision(6))),
});

const shownRung = ({ best, ...rung }: RungSummary): RungSummary => ({
  ...rung,
  ...(best === undefined ? {} : { best: Number(best.toPrecision(6)) }),
});

/** Whether two statuses differ in more than numbers that grow: somebody waits for that. */
export const isTurn = (before: BioNASSearchStatus, after: BioNASSearchStatus): boolean =>
  before.phase !== after.phase ||
  before.observedGeneration !== after.observedGeneration ||
  after.conditions.some(({ type, status, reason }) => {
    const was = before.conditions.find((condition) => condition.type === type);
    return was?.status !== status || was.reason !== reason;
  });
