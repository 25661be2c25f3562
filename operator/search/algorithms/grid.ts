// Grid search: every network of the space once, counting through its genes from where the seed says. For spaces that are to be
// spent, such as all assignments of rules to a fixed network.
import type { AlgorithmState, SearchAlgorithm } from '../algorithm.ts';
import {
  exhausted,
  initialState,
  isExhausted,
  newText,
  proposalRandom,
  propose,
} from '../proposing.ts';
import { fromGenes, type Genes, geneSizes, nextGenes } from '../variation/index.ts';

export interface GridState extends AlgorithmState {
  /** Of the network to come. */
  readonly at: Genes;
}

export const grid: SearchAlgorithm<GridState> = {
  init(_settings, context) {
    const state = initialState(context);
    const random = proposalRandom(state);
    return { ...state, at: geneSizes(context.space).map((size) => random.int(size)) };
  },

  ask(state) {
    const { space, proposed } = state;
    const sizes = geneSizes(space);
    let { at } = state;
    // Passes over what others proposed, as where a lost ledger was taken over.
    while (!isExhausted(state)) {
      const drawn = newText(state, fromGenes(at, space));
      at = nextGenes(at, sizes);
      if (drawn === undefined) continue;
      return propose({ ...state, at }, drawn, { variation: `number ${proposed + 1} of the grid` });
    }
    return { state, none: exhausted(space) };
  },

  tell: (state) => state,
};
