// The account of a search's device time, from what the ledger and its Trials say: what was used, what is reserved, who used too
// much. It is read anew at every look, so a restart comes to the same.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import {
  type BudgetInput,
  type Claim,
  claimed,
  finalStageSeconds,
  type Overdraft,
  overdrawn,
} from '../../search/index.ts';
import { isFinished, runningSince } from '../trial/index.ts';
import { isSearch, type SearchMemory } from './memory.ts';

interface Of {
  readonly search: Live<BioNASSearch>;
  readonly memory: SearchMemory;
  readonly trials: readonly Live<Trial>[];
  /** Ms since 1970. */
  readonly now: number;
  /** The last step of the operator's clock, ms since 1970. */
  readonly evenSince: number;
}

const unrecordedOf = ({ trials, memory }: Of): Live<Trial>[] =>
  trials.filter(({ metadata }) => !memory.has(metadata.uid));

/** Of Pods that have ended. What runs grows by itself, so no status may hold it. */
export const endedDeviceSeconds = (of: Of): number =>
  unrecordedOf(of).reduce(
    (sum, { status }) => sum + (status?.deviceSeconds ?? 0),
    of.memory.tally.deviceSeconds,
  );

/** Of all Pods until now. */
const usedDeviceSeconds = (of: Of): number =>
  unrecordedOf(of).reduce(
    (sum, { status }) => sum + runningSeconds(of, status),
    endedDeviceSeconds(of),
  );

/** Of the Pod that runs now, as far as it was watched. */
const runningSeconds = ({ now, evenSince, memory }: Of, status: Trial['status']): number => {
  const sinceMs = Math.max(runningSince(status) ?? now, evenSince);
  return (Math.max(0, now - sinceMs) / 1000) * memory.devices;
};

const limitOf = ({ search }: Of): number | undefined => {
  const { gpuHours } = search.spec.budget;
  return gpuHours === undefined ? undefined : gpuHours * 3600;
};

/** What one more trial, or the paused one of this index going on, meets. */
export function reservedFor(
  of: Of,
  promoted?: number,
): Pick<BudgetInput, 'deviceSeconds' | 'reserved'> {
  const deviceSeconds = usedDeviceSeconds(of);
  const limit = limitOf(of);
  if (limit === undefined) return { deviceSeconds };
  const { memory } = of;
  const { perEpoch } = memory.tally;
  const trial = of.trials.find(({ spec }) => isSearch(spec) && spec.index === promoted);
  const spent = trial === undefined ? 0 : (trial.status?.deviceSeconds ?? 0);
  const next = expected(perEpoch.Search, memory.epochsOf(promoted));
  return {
    deviceSeconds,
    reserved: {
      outstanding: claimed(claimsOf(of), limit - deviceSeconds),
      final: finalNeed(of),
      ...(next === undefined ? {} : { next: Math.max(0, next - spent) }),
    },
  };
}

const expected = (perEpoch: number | undefined, epochs: number): number | undefined =>
  perEpoch === undefined ? undefined : perEpoch * epochs;

const finalNeed = ({ search, memory }: Of): number => {
  const { Search: perEpoch } = memory.tally.perEpoch;
  return perEpoch === undefined ? 0 : finalStageSeconds(search.spec, perEpoch);
};

/** What the next of the final trials meets; `begun` are those of which the cache may not know yet. */
export function reservedForFinal(of: Of, next: Trial, begun: readonly Trial[]) {
  const deviceSeconds = usedDeviceSeconds(of);
  const claims = [...claimsOf(of), ...begun.map((trial) => claimOf(of, trial))];
  const needs = expected(of.memory.tally.perEpoch.Final, next.spec.fidelity.epochs);
  return {
    spec: of.search.spec,
    deviceSeconds,
    outstanding: claims.length,
    reserved: {
      outstanding: claimed(claims, (limitOf(of) ?? 0) - deviceSeconds),
      final: 0,
      ...(needs === undefined ? {} : { next: needs }),
    },
  };
}

/** Of every trial that takes a place, whether its object is there or not. */
function claimsOf(of: Of): Claim[] {
  const { memory, trials } = of;
  const there = new Map(
    trials.flatMap((trial) => (isSearch(trial.spec) ? [[trial.spec.index, trial] as const] : [])),
  );
  const finals = trials.filter(({ spec, status }) => !isSearch(spec) && !isFinished(status));
  return [
    ...memory.training.map(({ index, epochs }): Claim => {
      const trial = there.get(index);
      const bare = { index, spent: 0, devices: 0, ...given(memory.tally.perEpoch.Search, epochs) };
      return trial === undefined ? bare : { ...bare, ...holding(of, trial) };
    }),
    ...finals.map((trial) => claimOf(of, trial)),
  ];
}

const given = (perEpoch: number | undefined, epochs: number): Pick<Claim, 'expected'> => {
  const all = expected(perEpoch, epochs);
  return all === undefined ? {} : { expected: all };
};

const claimOf = (of: Of, trial: Trial): Claim => ({
  index: trial.spec.index,
  ...holding(of, trial),
  ...given(of.memory.tally.perEpoch[trial.spec.purpose], trial.spec.fidelity.epochs),
});

const holding = (of: Of, { status }: Trial): Pick<Claim, 'spent' | 'devices'> => ({
  spent: (status?.deviceSeconds ?? 0) + runningSeconds(of, status),
  devices: runningSince(status) === undefined ? 0 : of.memory.devices,
});

/** Device seconds that are spoken for, beyond what Pods that ended have used; undefined where nothing bounds them. */
export function reservedDeviceSeconds(of: Of): number | undefined {
  const limit = limitOf(of);
  if (limit === undefined) return undefined;
  const left = Math.max(0, limit - endedDeviceSeconds(of));
  // No Pod has run by then.
  const still = { ...of, now: 0, evenSince: 0 };
  const isFinal = of.trials.some(({ spec }) => !isSearch(spec));
  return Math.min(left, claimed(claimsOf(still), left) + (isFinal ? 0 : finalNeed(of)));
}

/** Who is to end now, and when to ask again. */
export function overdraftOf(of: Of): Overdraft {
  const limit = limitOf(of);
  if (limit === undefined) return { ended: [] };
  const told = of.trials.flatMap(({ spec }) => (spec.cancel === undefined ? [] : [spec.index]));
  const leaving = new Set(told);
  const claims = claimsOf(of).filter(({ index }) => !leaving.has(index));
  return overdrawn(claims, limit - usedDeviceSeconds(of));
}
