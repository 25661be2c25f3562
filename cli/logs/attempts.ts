// The attempts of a trial, those included of which only the history knows, and what is told of one whose log is gone. Pure.
import { type Attempt, attemptGone, attemptsBegun } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';

/** Of a worker, 0 being the first: those that are there, and those that the history counts. */
export function everyAttempt(
  { name, cost }: ResultTrial,
  there: readonly Attempt[],
  worker: number,
): Attempt[] {
  return Array.from(
    { length: attemptsBegun(there, cost.attempts) },
    (_, attempt) =>
      there.find((each) => each.attempt === attempt && (each.worker ?? 0) === worker) ??
      attemptGone(name, attempt, worker),
  );
}

/** What the Pod's status keeps. */
export function lastWords({ reason, exitCode, node, message }: Attempt): string[] {
  const end = [
    ...(reason === undefined ? [] : [reason]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(node === undefined ? [] : [`on ${node}`]),
  ].join(', ');
  return [...(end === '' ? [] : [end]), ...(message === undefined ? [] : [message])];
}

/** Where no log is left at all. */
export function knownOf(
  { name, state, reason, message, cost }: ResultTrial,
  attempts: number,
): string[] {
  if (attempts === 0) return [`${name} is ${state.toLowerCase()}: no Pod of it has started yet`];
  const why = reason === undefined || reason === state ? '' : `, ${reason}`;
  const said = message ? `: ${message}` : '';
  return [`${name}: ${state}${why} after ${cost.attempts} attempts${said}`];
}
