// What a search's status says, from what is known: counts, the best, where it stands and why. Pure.
import type {
  BioNASSearchStatus,
  Condition,
  RankedTrial,
  RungSummary,
  SearchReason,
} from '../../../crds/index.ts';
import type { Happening } from '../../runtime/index.ts';
import { type Judgement, setCondition } from '../conditions.ts';
import type { AvoidedNode } from '../trial/index.ts';
import type { SearchMemory } from './memory.ts';

export interface Standing {
  readonly phase: BioNASSearchStatus['phase'];
  readonly reason: SearchReason;
  readonly message: string;
}

const TERMINAL = { Completed: 'Completed', Failed: 'Failed' } as const;

function conditions(
  { before, standing, avoided }: Pick<StatusInput, 'before' | 'standing' | 'avoided'>,
  judgement: Judgement,
) {
  const { phase, reason, message } = standing;
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
    ...nodeTrouble(before, avoided),
  ];
  return changes.reduce((list, change) => setCondition(list, change, judgement), before.conditions);
}

/** Nothing for a search that never avoided a node. */
function nodeTrouble({ conditions }: BioNASSearchStatus, avoided: readonly AvoidedNode[]) {
  const type = 'NodeTrouble';
  if (avoided.length === 0) {
    const isKnown = conditions.some((condition) => condition.type === type);
    const none = { reason: 'NoneAvoided', message: 'no node is avoided' } as const;
    return isKnown ? [{ type, status: 'False' as const, ...none }] : [];
  }
  const message = avoided
    .map(({ node, untilMs, why }) => `${node} until ${new Date(untilMs).toISOString()}: ${why}`)
    .join('; ');
  return [{ type, status: 'True' as const, reason: 'NodesAvoided', message }];
}

/** What is worth an Event: that other nodes are avoided than before. */
export function newTrouble(
  before: BioNASSearchStatus,
  after: BioNASSearchStatus,
): Happening | undefined {
  const [was, is] = [before, after].map(troubleOf);
  if (is === undefined || was?.message === is.message) return undefined;
  return { type: 'Warning', reason: is.reason, message: is.message };
}

const troubleOf = ({ conditions }: BioNASSearchStatus): Condition | undefined =>
  conditions.find(({ type, status }) => type === 'NodeTrouble' && status === 'True');

export interface StatusInput {
  readonly before: BioNASSearchStatus;
  readonly memory: Pick<SearchMemory, 'proposed' | 'tally' | 'hasRungs' | 'paused'>;
  readonly running: number;
  readonly deviceSeconds: number;
  /** Where the budget bounds device time. */
  readonly reserved?: number;
  readonly standing: Standing;
  readonly avoided: readonly AvoidedNode[];
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
    conditions: conditions(input, judgement),
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
