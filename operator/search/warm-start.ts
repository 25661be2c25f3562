// The networks that a search was given to begin with: proposed first, whatever the algorithm, and told to it as its own.
import {
  GenotypeError,
  genotypeInSpace,
  parseGenotype,
  printGenotype,
  type SearchSpace,
  textHash,
  type WarmStart,
} from '../../crds/index.ts';
import type { AlgorithmState, Asked, Proposal, SearchAlgorithm } from './algorithm.ts';
import { newText, propose } from './proposing.ts';
import { withSeen } from './seen.ts';

/** A genotype of `spec.warmStart`, or of the search that it names, that the search cannot propose. */
export class WarmStartError extends Error {
  override readonly name = 'WarmStartError';
}

interface Warm {
  readonly warmStart?: WarmStart | undefined;
  readonly taken?: readonly string[];
}

/** Canonical texts, each once: those of the spec, then those of another search. @throws WarmStartError */
export function warmTexts({ warmStart, taken = [] }: Warm, space: SearchSpace): readonly string[] {
  const { genotypes = [], search } = warmStart ?? {};
  const own = genotypes.map((text, i) => canonical(text, space, `genotypes[${i}]`));
  const others = taken.map((text, i) =>
    canonical(text, space, `search: network ${i + 1} of ${search?.name ?? 'the other search'}`),
  );
  return [...new Set([...own, ...others])];
}

function canonical(text: string, space: SearchSpace, place: string): string {
  const where = `spec.warmStart.${place}`;
  try {
    const genotype = parseGenotype(text);
    const outside = genotypeInSpace(genotype, space);
    if (outside === undefined) return printGenotype(genotype);
    throw new WarmStartError(`${where}: expected a network of searchSpace, but ${outside}`);
  } catch (cause) {
    if (!(cause instanceof GenotypeError)) throw cause;
    throw new WarmStartError(`${where}: ${cause.message}`, { cause });
  }
}

/** The next of `texts`; undefined once all were proposed. */
export function proposeWarm<State extends AlgorithmState>(
  state: State,
  texts: readonly string[],
): Asked<State> | undefined {
  const text = texts[state.proposed];
  const drawn = text === undefined ? undefined : newText(state, parseGenotype(text));
  return drawn && propose(state, drawn, { variation: 'warm start' });
}

/** A network that another search had scored. */
export interface TakenResult {
  readonly genotype: string;
  /** One value an objective; both searches have the same ones. */
  readonly objectives: readonly number[];
}

interface Knowledge {
  readonly searchSpace: SearchSpace;
  readonly told?: readonly TakenResult[];
  /** Texts that are to be proposed all the same. */
  readonly warm: readonly string[];
}

/**
 * The state of an algorithm that was told of these results, and proposes none of their networks. They are numbered -1, -2, ...:
 * no trial of this search is one of them.
 * @throws WarmStartError
 */
export function knowing<State extends AlgorithmState>(
  algorithm: SearchAlgorithm<State>,
  initial: State,
  { searchSpace, told = [], warm }: Knowledge,
): State {
  const own = new Set(warm);
  return told.reduce((state, { genotype: text, objectives }, i) => {
    const genotype = canonical(text, searchSpace, `search: network ${i + 1} of its ledger`);
    const outcome = { kind: 'scored', objectives } as const;
    const after = algorithm.tell(state, { index: -1 - i, genotype, outcome });
    return own.has(genotype) ? after : { ...after, seen: withSeen(after.seen, textHash(genotype)) };
  }, initial);
}

/** A parent that was taken is no trial of this search: it is named in the variation alone. */
export function ofOwn({ parent, ...proposal }: Proposal): Proposal {
  if (parent === undefined || parent >= 0)
    return parent === undefined ? proposal : { ...proposal, parent };
  return { ...proposal, variation: `${proposal.variation}, of network ${-parent} taken` };
}
