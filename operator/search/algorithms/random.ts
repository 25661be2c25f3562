// Random search: every proposal is a new genotype drawn uniformly from the space. The control of every other algorithm.
import type { SearchAlgorithm } from '../algorithm.ts';
import { initialState, proposalRandom, proposeRandom } from '../proposing.ts';

export const random: SearchAlgorithm = {
  init: (_settings, context) => initialState(context),
  ask: (state) => proposeRandom(state, proposalRandom(state)),
  tell: (state) => state,
};
