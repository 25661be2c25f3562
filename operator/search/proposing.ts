// What algorithms share: the state they begin with, and proposals that were never made before.
import {
  type Genotype,
  genotypeHash,
  printGenotype,
  type SearchSpace,
  spaceSize,
} from '../../crds/index.ts';
import type { AlgorithmState, Asked, Proposal, Reason, SearchContext } from './algorithm.ts';
import { Random } from './random.ts';
import { hasSeen, NONE_SEEN, withSeen } from './seen.ts';
import { sampleGenotype, walkSpace } from './variation/index.ts';

/**
 * Draws before the space is walked instead. While half of a space is new, one in 4 billion proposals needs the walk;
 * it only keeps a nearly exhausted space from drawing forever.
 */
const DRAWS = 32;

export function initialState(context: SearchContext): AlgorithmState {
  return {
    space: context.space,
    objectives: context.objectives,
    random: Random.fromSeed(context.seed).state,
    proposed: 0,
    seen: NONE_SEEN,
  };
}

/** The generator of the proposal to come. */
export function proposalRandom(state: AlgorithmState): Random {
  return new Random(state.random).split(`proposal ${state.proposed}`);
}

export function isNew(state: AlgorithmState, genotype: Genotype): boolean {
  return !hasSeen(state.seen, genotypeHash(genotype));
}

/** The state and answer after proposing a genotype that is new. */
export function propose<State extends AlgorithmState>(
  state: State,
  genotype: Genotype,
  origin: Pick<Proposal, 'parent' | 'variation'>,
): Asked<State> {
  const { proposed, seen } = state;
  return {
    state: { ...state, proposed: proposed + 1, seen: withSeen(seen, genotypeHash(genotype)) },
    proposal: { index: proposed, genotype: printGenotype(genotype), ...origin },
  };
}

/** A new genotype, all equally likely as long as draws find one; none where the space is exhausted. */
export function proposeRandom<State extends AlgorithmState>(
  state: State,
  random: Random,
): Asked<State> {
  const genotype = newGenotype(state, random);
  return genotype === undefined
    ? { state, none: exhausted(state.space) }
    : propose(state, genotype, { variation: 'random' });
}

function newGenotype(state: AlgorithmState, random: Random): Genotype | undefined {
  if (BigInt(state.seen.size) >= spaceSize(state.space)) return undefined;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const genotype = sampleGenotype(state.space, random);
    if (isNew(state, genotype)) return genotype;
  }
  // At most seen.size + 1 steps, since no two of the walk are equal.
  for (const genotype of walkSpace(state.space, random)) {
    if (isNew(state, genotype)) return genotype;
  }
  return undefined;
}

function exhausted(space: SearchSpace): Reason {
  return {
    reason: 'SpaceExhausted',
    message: `all ${spaceSize(space)} networks of the search space were proposed`,
  };
}
