// What algorithms share: the state they begin with, and proposals that were never made before.
import {
  type Genotype,
  printGenotype,
  type SearchSpace,
  spaceSize,
  textHash,
} from '../../crds/index.ts';
import type { AlgorithmState, Asked, Proposal, Reason, SearchContext } from './algorithm.ts';
import { Random } from './random.ts';
import { hasSeen, NONE_SEEN, withSeen } from './seen.ts';
import { sampleGenotype, walkSpace } from './variation/index.ts';

/**
 * Draws before the space is walked instead, or an algorithm's own give way to random ones. While half of a space is new, one in 4 billion proposals needs the walk;
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

/** Canonical text of a genotype that was never proposed, and its SHA-256. */
export interface NewText {
  readonly text: string;
  readonly hash: string;
}

/** Where it was never proposed before. */
export function newText(state: AlgorithmState, genotype: Genotype): NewText | undefined {
  const text = printGenotype(genotype);
  const hash = textHash(text);
  return hasSeen(state.seen, hash) ? undefined : { text, hash };
}

/** The state and answer after proposing a genotype that is new. */
export function propose<State extends AlgorithmState>(
  state: State,
  { text, hash }: NewText,
  origin: Pick<Proposal, 'parent' | 'variation' | 'kind'>,
): Asked<State> {
  const { proposed, seen } = state;
  return {
    state: { ...state, proposed: proposed + 1, seen: withSeen(seen, hash) },
    proposal: { index: proposed, genotype: text, ...origin },
  };
}

/** A new genotype, all equally likely as long as draws find one; none where the space is exhausted. */
export function proposeRandom<State extends AlgorithmState>(
  state: State,
  random: Random,
): Asked<State> {
  const drawn = drawNew(state, random);
  return drawn === undefined
    ? { state, none: exhausted(state.space) }
    : propose(state, drawn, { variation: 'random' });
}

/** A genotype that an algorithm would propose, and where it comes from. */
export interface Draw extends Pick<Proposal, 'parent' | 'variation'> {
  readonly genotype: Genotype;
}

/** The first draw that was never proposed; after too many that were, a random one. */
export function proposeDrawn<State extends AlgorithmState>(
  state: State,
  random: Random,
  draw: () => Draw,
): Asked<State> {
  for (let k = 0; k < DRAWS; k += 1) {
    const { genotype, ...origin } = draw();
    const drawn = newText(state, genotype);
    if (drawn !== undefined) return propose(state, drawn, origin);
  }
  return proposeRandom(state, random);
}

function drawNew(state: AlgorithmState, random: Random): NewText | undefined {
  if (isExhausted(state)) return undefined;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const drawn = newText(state, sampleGenotype(state.space, random));
    if (drawn !== undefined) return drawn;
  }
  // At most seen.size + 1 steps, since no two of the walk are equal.
  for (const genotype of walkSpace(state.space, random)) {
    const found = newText(state, genotype);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isExhausted({ seen, space }: AlgorithmState): boolean {
  return BigInt(seen.size) >= spaceSize(space);
}

export function exhausted(space: SearchSpace): Reason {
  return {
    reason: 'SpaceExhausted',
    message: `all ${spaceSize(space)} networks of the search space were proposed`,
  };
}
