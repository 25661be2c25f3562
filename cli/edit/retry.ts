// Which failed trials a person wants tried again, and what comes of that: pure decisions with reasons.
import type { BioNASSearch } from '../../crds/index.ts';
import { isSupernetText, MOST_WANTED_AGAIN } from '../../crds/index.ts';
import { againVariation } from '../../operator/search/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { type KnownTrials, namedTrial } from '../trials/index.ts';
import { type Change, EditError, refuseOver } from './change.ts';

export interface RetryWish {
  /** Names or indices. */
  readonly trials: readonly string[];
  /** All that failed, too. */
  readonly failed: boolean;
}

/** @throws EditError | NoSuchTrialError */
export function retryOf(search: BioNASSearch, known: KnownTrials, wish: RetryWish): Change {
  refuseOver(search, 'its failed trials are not tried again');
  const { name } = search.metadata;
  const { trials } = known;
  refuseFinal(search, trials);
  if (wish.trials.length === 0 && !wish.failed)
    throw new EditError(
      `${name}: expected trials that failed, or --failed for all of them, got none; bionas describe ${name} lists failures by reason`,
    );
  const triedBy = triesIn(trials);
  const named = wish.trials.map((word) => namedTrial(word, name, known));
  for (const trial of named) refuse(trial, search, triedBy);
  const all = wish.failed
    ? trials.filter((each) => obstacle(each, search, triedBy) === undefined)
    : [];
  const wanted = [...new Set([...named, ...all])];
  if (wanted.length === 0)
    return { message: `${name}: no trial has failed that is not being tried again` };
  // What was taken up from the list is on record, and done with.
  const before = (search.spec.retry.trials ?? []).filter((index) => !triedBy.has(index));
  const fitting = wanted.slice(0, MOST_WANTED_AGAIN - before.length);
  if (fitting.length === 0 || fitting.length < new Set(named).size) throw fullError(name, before);
  const failed = trials.filter(({ state }) => state === 'Failed').map(({ index }) => index);
  const waiting = before.filter((index) => failed.includes(index));
  const indices = fitting.map(({ index }) => index);
  const others = wanted.length - fitting.length;
  return {
    edit: { retry: { trials: [...new Set([...before, ...indices])] } },
    message: `${name}: ${count(fitting.length)} to be tried again: ${fitting.map((each) => each.name).join(', ')}${others === 0 ? '' : `; the list has no room for ${others} more: run it again once these were proposed`}${budgetNote(search, fitting.length, waiting.length)}`,
  };
}

const fullError = (name: string, before: readonly number[]): EditError =>
  new EditError(
    `${name}: expected at most ${MOST_WANTED_AGAIN} trials on spec.retry.trials, of which ${before.length} wait there for a place: name fewer, or try again once those were proposed`,
  );

const count = (trials: number): string => (trials === 1 ? '1 trial is' : `${trials} trials are`);

/** What the final stage was chosen from does not grow, so nothing of the list would be taken up. @throws EditError */
function refuseFinal({ metadata, status }: BioNASSearch, trials: readonly ResultTrial[]): void {
  const { name } = metadata;
  if (status?.phase !== 'Finalizing' && !trials.some(({ purpose }) => purpose === 'Final')) return;
  throw new EditError(
    `${name}: it is in its final stage, which trains its best networks anew, and starts no more search trials; begin another search from it: spec.warmStart.search, or bionas run --warm-start DIR`,
  );
}

/** By the index of a trial that failed, the name of the one that tries it again. */
type Tries = ReadonlyMap<number, string>;

const triesIn = (trials: readonly ResultTrial[]): Tries =>
  new Map(
    trials.flatMap(({ parent, variation, name }) =>
      parent !== undefined && variation === againVariation(parent) ? [[parent, name] as const] : [],
    ),
  );

/** @throws EditError */
function refuse(trial: ResultTrial, search: BioNASSearch, triedBy: Tries): void {
  const why = obstacle(trial, search, triedBy);
  if (why !== undefined) throw new EditError(`${trial.name}: expected a failed trial, but ${why}`);
}

/** Why a trial is not to be tried again. */
function obstacle(
  { index, state, genotype }: ResultTrial,
  { spec }: BioNASSearch,
  triedBy: Tries,
): string | undefined {
  if (state !== 'Failed') return STATES[state];
  if (isSupernetText(genotype)) return 'it is a supernet, and the next one is as good';
  const again = triedBy.get(index);
  if (again !== undefined) return `it is tried again already, by ${again}`;
  return spec.retry.trials?.includes(index) ? 'it is to be tried again already' : undefined;
}

const STATES: Readonly<Record<Exclude<ResultTrial['state'], 'Failed'>, string>> = {
  Trained: 'it has succeeded',
  Infeasible: 'it is outside of spec.constraints, and would be again',
  Diverged: 'its training diverged, which is a result: the network was scored worst',
  Running: 'it runs',
  Waiting: 'it has not begun',
  Paused: 'it waits at a rung',
};

/** Each is one more trial of the search's budget, and so is each that has waited for a place before. */
function budgetNote({ metadata, spec, status }: BioNASSearch, wanted: number, waiting: number) {
  const { trials } = spec.budget;
  const left = Math.max(0, trials - (status?.trials.proposed ?? 0));
  const missing = wanted + waiting - left;
  if (missing <= 0) return '';
  const others = waiting === 0 ? '' : `, for which ${waiting} waited before`;
  return `; budget.trials ${trials} has ${left} left${others}: bionas budget ${metadata.name} --trials ${trials + missing} makes room, before the search ends`;
}
