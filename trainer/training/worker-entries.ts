// Entries by which workers agree between steps: numbers that are added up, and variables that all take from the first.
import { type Entry, Graph, multiply, type Variable, type Worker } from '../program/index.ts';
import { summed } from './across-workers.ts';

export const SUM = 'sum';
export const SHARE = 'share';

/** Numbers of one sum. */
export const SUMMED = 1024;

/** `sum`: numbers [SUMMED] -> sums. `share`: every variable becomes that of the worker of rank 0. */
export function workerEntries(variables: readonly Variable[], worker: Worker): Entry[] {
  const sum = new Graph();
  const [sums] = summed(sum, [sum.input('numbers', [SUMMED])], worker);
  const share = new Graph();
  // The same operations for every worker: they meet by the operation's name.
  const own = share.scalar(worker.rank === 0 ? 1 : 0);
  const values = summed(
    share,
    variables.map((variable) => multiply(share, share.read(variable), own)),
    worker,
  );
  const updates = variables.flatMap((variable, i) => {
    const value = values[i];
    return value === undefined ? [] : [{ kind: 'assign', variable, value } as const];
  });
  return [sum.entry(SUM, sums === undefined ? {} : { sums }), share.entry(SHARE, {}, updates)];
}
