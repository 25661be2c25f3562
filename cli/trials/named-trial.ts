// The one trial that a person means: by its name, the end of its name, or its index.
import type { ResultTrial } from '../result/index.ts';
import type { KnownTrials } from './known-trials.ts';
import { missingNote } from './known-trials.ts';

/** No trial is called so. */
export class NoSuchTrialError extends Error {
  override readonly name = 'NoSuchTrialError';
  readonly exitCode = 2;
}

/** `night-0012`, `final-0`, `12` or `#12`. @throws NoSuchTrialError */
export function namedTrial(word: string, search: string, known: KnownTrials): ResultTrial {
  const { trials } = known;
  const index = /^#?(\d+)$/.exec(word)?.[1];
  const found =
    trials.find(({ name }) => name === word || name === `${search}-${word}`) ??
    trials.find((trial) => index !== undefined && trial.index === Number(index));
  if (found !== undefined) return found;
  const last = trials.at(-1);
  const there = last === undefined ? 'it has none yet' : `it has 0 to ${last.index}`;
  const note = missingNote(known);
  throw new NoSuchTrialError(
    `${word}: expected a trial of search ${search}, by name or index; ${there}${note === undefined ? '' : `, and ${note}`}`,
  );
}
