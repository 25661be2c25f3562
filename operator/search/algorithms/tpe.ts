// Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl 2011, section 4) over genes, which are categorical and
// independent here: l is how often each option was among the good results, g how often among the others, and of some
// candidates drawn from l the one of the greatest l / g is proposed. Keeps counts and the best results, not all of them.
import { parseGenotype, settingsOf } from '../../../crds/index.ts';
import type { AlgorithmState, SearchAlgorithm } from '../algorithm.ts';
import { fittest } from '../fittest.ts';
import { initialState, proposalRandom, proposeDrawn, proposeRandom } from '../proposing.ts';
import type { Random } from '../random.ts';
import { type Scored, scoredOf } from '../ranking.ts';
import { fromGenes, type Genes, geneSizes, toGenes } from '../variation/index.ts';

/** Good results at most, as in Optuna and Hyperopt. */
const MOST_GOOD = 25;

interface Member extends Scored {
  readonly genes: Genes;
}

export interface TpeState extends AlgorithmState {
  /** Results before the first model; networks are random until then. */
  readonly startup: number;
  /** Part of the results that counts as good. */
  readonly gamma: number;
  /** Draws from l of which one is proposed. */
  readonly candidates: number;
  /** How many results each option is taken to have had before any. */
  readonly priorWeight: number;
  readonly results: number;
  /** By front and crowding, at most MOST_GOOD: with one objective by that. */
  readonly best: readonly Member[];
  /** counts[i][k] results had option k as gene i. */
  readonly counts: readonly (readonly number[])[];
}

/** l and l / g of every option of a gene. */
interface GeneModel {
  readonly good: readonly number[];
  readonly ratio: readonly number[];
}

export const tpe: SearchAlgorithm<TpeState> = {
  init: (settings, context) => ({
    ...initialState(context),
    ...settingsOf('tpe', settings),
    results: 0,
    best: [],
    counts: geneSizes(context.space).map((size) => Array<number>(size).fill(0)),
  }),

  ask(state) {
    const random = proposalRandom(state);
    if (state.results < state.startup) return proposeRandom(state, random);
    const good = state.best.slice(0, Math.ceil(state.gamma * state.results));
    const model = modelOf(state, good);
    const variation = `drawn like the best ${good.length} of ${state.results}`;
    return proposeDrawn(state, random, () => ({
      genotype: fromGenes(mostPromising(model, state.candidates, random), state.space),
      variation,
    }));
  },

  tell(state, result) {
    const scored = scoredOf(result);
    if (scored === undefined) return state;
    const genes = toGenes(parseGenotype(result.genotype), state.space);
    const member = { ...scored, genes };
    return {
      ...state,
      results: state.results + 1,
      best: fittest([...state.best, member], state.objectives, MOST_GOOD),
      counts: state.counts.map((of, i) => of.with(genes[i] ?? 0, (of[genes[i] ?? 0] ?? 0) + 1)),
    };
  },
};

function modelOf({ counts, priorWeight, results }: TpeState, good: readonly Member[]): GeneModel[] {
  return counts.map((all, i) => {
    const goods = all.map(() => 0);
    for (const { genes } of good) goods[genes[i] ?? 0] = (goods[genes[i] ?? 0] ?? 0) + 1;
    const density = (of: readonly number[], sum: number) =>
      of.map((count) => (count + priorWeight) / (sum + priorWeight * of.length));
    const others = density(
      all.map((count, k) => count - (goods[k] ?? 0)),
      results - good.length,
    );
    const l = density(goods, good.length);
    return { good: l, ratio: l.map((value, k) => value / (others[k] ?? 1)) };
  });
}

/**
 * Whole networks compete. Gene by gene, as in univariate TPE, nearly all proposals would be the one network of the best options,
 * and a network is not proposed twice.
 */
function mostPromising(model: readonly GeneModel[], candidates: number, random: Random): Genes {
  let best: Genes = [];
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < candidates; k += 1) {
    const genes = model.map(({ good }) => draw(good, random));
    const promise = genes.reduce((sum, g, i) => sum + Math.log(model[i]?.ratio[g] ?? 1), 0);
    if (promise > most) [best, most] = [genes, promise];
  }
  return best;
}

/** An option by its probability. */
function draw(probabilities: readonly number[], random: Random): number {
  let left = random.uniform();
  const at = probabilities.findIndex((probability) => {
    left -= probability;
    return left < 0;
  });
  // Rounding may leave a crumb past the last one.
  return at === -1 ? probabilities.length - 1 : at;
}
