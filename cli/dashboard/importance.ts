// How much places and rules have to do with the first objective, of the rows of a search: told anew once there are enough more.
import type { LearningRuleName } from '../../crds/index.ts';
import type { Importance, TrialRow } from '../../dashboard/api.ts';
import { factorOf, variancesApart } from '../importance/index.ts';

/** Of fewer a forest tells its own accidents. */
const LEAST_TRIALS = 20;
/** The same trials are always told the same. */
const SEED = 1;

export interface Named {
  readonly places: readonly string[];
  readonly rules: readonly LearningRuleName[];
}

/** Search trials that trained and have a score; a supernet is no point of the space. */
const isScored = ({ state, final, objectives, rules }: TrialRow): boolean =>
  (state === 'Trained' || state === 'Infeasible') &&
  final === undefined &&
  objectives !== undefined &&
  rules.some((count) => count > 0);

/** undefined where there are too few, or nothing varies. */
export async function importanceOf(
  rows: readonly TrialRow[],
  { places, rules }: Named,
): Promise<Importance | undefined> {
  const scored = rows.filter(isScored);
  if (scored.length < LEAST_TRIALS) return undefined;
  const targets = Float64Array.from(scored, ({ objectives }) => objectives?.[0] ?? 0);
  const genes = places.map((_, i) =>
    factorOf(
      scored.map((row) => row.genes[i] ?? -1),
      false,
    ),
  );
  const counts = rules.map((_, i) =>
    factorOf(
      scored.map((row) => row.rules[i] ?? 0),
      true,
    ),
  );
  const samples = [genes, counts].map((factors) => ({ factors, targets }));
  const [ofPlaces, ofRules] = await variancesApart(samples, SEED);
  if (ofPlaces === undefined) return undefined;
  return {
    places: places.map((place, i) => ({ place, share: ofPlaces[i] ?? 0 })),
    rules: rules.map((rule, i) => ({ rule, share: ofRules?.[i] ?? 0 })),
    trials: scored.length,
  };
}

/** Part by which trials must have become more. */
const MORE = 0.05;

/** Remembers, for a forest takes its time. */
export class KnownImportance {
  #of = 0;
  #known: Promise<Importance | undefined> = Promise.resolve(undefined);

  get(rows: readonly TrialRow[], named: Named): Promise<Importance | undefined> {
    const count = rows.filter(isScored).length;
    if (count < this.#of || count > this.#of * (1 + MORE)) {
      this.#of = count;
      this.#known = importanceOf(rows, named);
    }
    return this.#known;
  }
}
