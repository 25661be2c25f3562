// What the Pods of a trial write while it goes on: one attempt after the other as they begin, until the trial has ended.
import { isFinished } from '../../operator/reconcilers/index.ts';
import type { Clock } from '../../operator/runtime/index.ts';
import type { Attempt, FoundSearch } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { knownTrials } from '../trials/index.ts';
import { everyAttempt } from './attempts.ts';
import { type LogOutput, showAttempt, tellKnown, type WantedLogs } from './logs.ts';

interface FollowIo extends LogOutput {
  readonly clock: Clock;
}

const LOOK_MS = 500;

/** Whether there was any log. @throws what keeps a log from being read, unless its attempt is over */
export async function follow(
  found: FoundSearch,
  wanted: WantedLogs,
  io: FollowIo,
): Promise<boolean> {
  const { name } = wanted.trial;
  /** By attempt: whether there was a log. */
  const told = new Map<number, boolean>();
  for (let looks = 0; ; looks += 1) {
    // Before the look at its Pods: none begins after the end.
    const over = await hasEnded(found, name);
    const all = everyAttempt(wanted.trial, await found.attempts(name), wanted.worker);
    await followEach(all, { found, wanted, told, over, io });
    if (over || (wanted.attempt !== undefined && told.has(wanted.attempt))) {
      const hasLog = [...told.values()].includes(true);
      if (!hasLog) tellKnown(await byNow(found, wanted.trial), all.length, io);
      return hasLog;
    }
    if (looks === 0 && told.size === 0) io.err(`${name}: nothing is written yet; waiting`);
    await io.clock.sleep(LOOK_MS, io.signal);
  }
}

async function byNow(found: FoundSearch, trial: ResultTrial): Promise<ResultTrial> {
  const { trials } = await knownTrials(found);
  return trials.find(({ name }) => name === trial.name) ?? trial;
}

interface Following {
  readonly found: FoundSearch;
  readonly wanted: WantedLogs;
  readonly told: Map<number, boolean>;
  /** The trial has ended. */
  readonly over: boolean;
  readonly io: LogOutput;
}

async function followEach(all: readonly Attempt[], following: Following): Promise<void> {
  const { wanted, told, over } = following;
  const open = all.filter(({ attempt }) => isWanted(attempt, wanted) && !told.has(attempt));
  for (const attempt of open) {
    const mayBegin = !over && attempt === all.at(-1) && !isOver(attempt);
    const isTold = await followAttempt(attempt, mayBegin, following);
    if (isTold !== undefined) told.set(attempt.attempt, isTold);
  }
}

/** What is gone was pruned, so it has ended. */
async function hasEnded(found: FoundSearch, name: string): Promise<boolean> {
  const trial = (await found.trials()).find(({ metadata }) => metadata.name === name);
  return trial === undefined || isFinished(trial.status);
}

const isWanted = (attempt: number, wanted: WantedLogs): boolean =>
  wanted.attempt === undefined || wanted.attempt === attempt;

const isOver = ({ phase }: Attempt): boolean => phase === 'Succeeded' || phase === 'Failed';

/** Whether there was a log; undefined where it may yet begin. */
async function followAttempt(
  attempt: Attempt,
  mayBegin: boolean,
  { found, wanted, io }: Following,
): Promise<boolean | undefined> {
  const reading = { tailLines: wanted.tail, follow: true };
  let hasLog = false;
  try {
    const log = await found.log(attempt, io.signal, reading);
    if (log === undefined && mayBegin) return undefined;
    hasLog = log !== undefined;
    await showAttempt(attempt, log, io);
  } catch (error) {
    if (io.signal.aborted || !(await isBehind(attempt, found, wanted))) throw error;
    const why = error instanceof Error ? error.message : error;
    io.err(`==> ${attempt.pod}: its log ${hasLog ? 'broke off' : 'cannot be read'}: ${why}`);
  }
  return hasLog;
}

/** Whether the attempt is over, or the trial has gone on without it: its node may be gone, and its log with it. */
async function isBehind(
  { attempt, pod }: Attempt,
  found: FoundSearch,
  { trial }: WantedLogs,
): Promise<boolean> {
  const there = await found.attempts(trial.name);
  const isPast = (each: Attempt) => each.attempt > attempt || (each.pod === pod && isOver(each));
  return there.some(isPast) || hasEnded(found, trial.name);
}
