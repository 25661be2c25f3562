// What Trials say that the ledger does not: ends and pauses that came while no operator looked, and, where the ledger was lost,
// whatever they still know of the past. Pure.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import { isFinished } from '../trial/index.ts';
import { type EventRecord, pauseRecord, promotionRecord } from './ledger-records.ts';
import { compareEnds, isSearch } from './memory.ts';
import { type RecordOf, recordOf } from './record.ts';

/** Records of a trial that the ledger has. */
export interface Passed {
  readonly pause: number;
  readonly promotion: number;
}

export const NONE_PASSED: Passed = { pause: 0, promotion: 0 };

/** How often the trial was sent on from a rung, as its spec and status show. */
export function promotionsOf({ spec, status }: Trial): number {
  const rungs = status?.rungs ?? [];
  const last = rungs.at(-1)?.epochs ?? spec.fidelity.epochs;
  return Math.max(0, rungs.length - 1) + (spec.fidelity.epochs > last ? 1 : 0);
}

interface Known {
  readonly recorded: ReadonlySet<string>;
  readonly rungs: ReadonlyMap<string, Passed>;
}

/** In the order in which it happened, as far as times tell. */
export function missingRecords(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  { recorded, rungs }: Known,
): EventRecord[] {
  const of = { search: search.metadata.uid, aims: search.spec };
  return trials
    .filter(({ metadata }) => !recorded.has(metadata.uid))
    .flatMap((trial) => {
      const passed = rungs.get(trial.metadata.uid) ?? NONE_PASSED;
      return isSearch(trial.spec)
        ? [...passedBy(trial, passed, of), ...endOf(trial, of)]
        : endOf(trial, of);
    })
    .toSorted(compareEnds);
}

function passedBy(trial: Live<Trial>, passed: Passed, of: RecordOf): EventRecord[] {
  const promoted = promotionsOf(trial);
  return (trial.status?.rungs ?? []).flatMap((rung, k) => [
    ...(k < passed.pause ? [] : [pauseRecord(trial, rung, of)]),
    ...(k < passed.promotion || k >= promoted ? [] : [promotionRecord(trial, rung, of.search)]),
  ]);
}

const endOf = (trial: Live<Trial>, of: RecordOf): EventRecord[] =>
  isFinished(trial.status) ? [recordOf(trial, of)] : [];
