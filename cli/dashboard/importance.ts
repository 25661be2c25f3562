// How much places and rules have to do with the first objective, of the rows of a search: told anew once there are enough more.
import type { LearningRuleName } from '../../crds/index.ts';
import type { Importance, TrialRow, TrialTable } from '../../dashboard/api.ts';
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

interface Known {
  /** Trials that it was told of. */
  readonly count: number;
  readonly told: Promise<Importance | undefined>;
  isTold: boolean;
}

/** Of all searches. A forest takes its time: what was told is remembered, and one is grown at a time. */
export class KnownImportance {
  readonly #tell: typeof importanceOf;
  readonly #known = new WeakMap<object, Known>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(tell = importanceOf) {
    this.#tell = tell;
  }

  get(of: Named & { readonly table: Pick<TrialTable, 'trials'> }): Promise<Importance | undefined> {
    const { trials } = of.table;
    const count = trials.filter(isScored).length;
    const known = this.#known.get(of);
    if (known !== undefined && (!known.isTold || isMuchTheSame(count, known.count)))
      return known.told;
    const told = this.#last.then(() => this.#tell(trials, of));
    const next: Known = { count, told, isTold: false };
    this.#known.set(of, next);
    this.#last = told.then(
      () => {
        next.isTold = true;
      },
      // Whoever asks next tries again.
      () => this.#known.delete(of),
    );
    return told;
  }
}

const isMuchTheSame = (count: number, before: number): boolean =>
  count >= before && count <= before * (1 + MORE);
