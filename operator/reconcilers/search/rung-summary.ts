// The rungs of a search as a table: how many came, how many went on, and the best value there. Pure.
import type { Objective, RungSummary } from '../../../crds/index.ts';

type Rungs = readonly RungSummary[];

export const withPromotion = (rungs: Rungs, epochs: number): RungSummary[] =>
  changed(rungs, epochs, (rung) => ({ ...rung, promoted: rung.promoted + 1 }));

export function withArrival(
  rungs: Rungs,
  {
    epochs,
    objectives,
  }: { readonly epochs: number; readonly objectives?: readonly number[] | undefined },
  objective: Objective | undefined,
): RungSummary[] {
  const [value] = objectives ?? [];
  return changed(rungs, epochs, ({ best, ...rung }) => {
    const better = betterOf(best, value, objective?.goal);
    return { ...rung, trials: rung.trials + 1, ...(better === undefined ? {} : { best: better }) };
  });
}

function betterOf(
  a: number | undefined,
  b: number | undefined,
  goal: Objective['goal'] = 'maximize',
): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return goal === 'maximize' ? Math.max(a, b) : Math.min(a, b);
}

/** By epochs; a rung that is not there yet is new. */
function changed(
  rungs: Rungs,
  epochs: number,
  change: (rung: RungSummary) => RungSummary,
): RungSummary[] {
  const known = rungs.find((rung) => rung.epochs === epochs);
  const rung = change(known ?? { epochs, trials: 0, promoted: 0 });
  return [...rungs.filter((other) => other !== known), rung].toSorted(
    (a, b) => a.epochs - b.epochs,
  );
}
