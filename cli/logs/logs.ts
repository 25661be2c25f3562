// What the Pods of a trial have written so far; of one that is gone, what is known.
import type { Attempt, FoundSearch } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { everyAttempt, knownOf, lastWords } from './attempts.ts';

export interface LogOutput {
  out(line: string): void;
  err(line: string): void;
  /** To standard output, as it is. */
  write(bytes: Uint8Array): Promise<void>;
  readonly signal: AbortSignal;
}

export interface WantedLogs {
  readonly trial: ResultTrial;
  /** This one alone. */
  readonly attempt?: number;
  /** The one before the last alone. */
  readonly previous: boolean;
  readonly worker: number;
  /** Lines of each attempt. */
  readonly tail?: number;
}

/** The trial has no such attempt. */
class NoSuchAttemptError extends Error {
  override readonly name = 'NoSuchAttemptError';
  readonly exitCode = 2;
}

/** Whether there was any log. @throws NoSuchAttemptError */
export async function logs(
  found: FoundSearch,
  wanted: WantedLogs,
  io: LogOutput,
): Promise<boolean> {
  const { trial, worker, tail } = wanted;
  const all = everyAttempt(trial, await found.attempts(trial.name), worker);
  let shown = 0;
  for (const attempt of chosen(all, wanted)) {
    const log = await found.log(attempt, io.signal, { tailLines: tail });
    if (log !== undefined) shown += 1;
    await showAttempt(attempt, log, io);
  }
  if (shown === 0) tellKnown(trial, all.length, io);
  return shown > 0;
}

function chosen(all: readonly Attempt[], wanted: WantedLogs): readonly Attempt[] {
  const attempt = wanted.previous ? all.length - 2 : wanted.attempt;
  if (attempt === undefined || all.length === 0) return all;
  if (all[attempt] !== undefined) return [all[attempt]];
  const { name } = wanted.trial;
  throw new NoSuchAttemptError(
    wanted.previous
      ? `${name}: expected an attempt before the last one, but it has one only; leave out --previous`
      : `${name}: expected an attempt from 0 to ${all.length - 1}, got ${attempt}`,
  );
}

type Log = Awaited<ReturnType<FoundSearch['log']>>;

export async function showAttempt(attempt: Attempt, log: Log, io: LogOutput): Promise<void> {
  io.err(`==> ${attempt.pod}${log === undefined ? ': its log is gone' : ''}`);
  for (const line of log === undefined ? lastWords(attempt) : []) io.out(line);
  for await (const part of log ?? []) await io.write(part);
}

export function tellKnown(trial: ResultTrial, attempts: number, io: LogOutput): void {
  for (const line of knownOf(trial, attempts)) io.out(line);
}
