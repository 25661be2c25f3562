// The networks that a search was given to begin with: proposed first, whatever the algorithm, and told to it as its own.
import {
  GenotypeError,
  genotypeInSpace,
  parseGenotype,
  printGenotype,
  type SearchSpace,
  type WarmStart,
} from '../../crds/index.ts';
import type { AlgorithmState, Asked } from './algorithm.ts';
import { newText, propose } from './proposing.ts';

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
