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

/** A genotype of `spec.warmStart` that the search cannot propose. */
export class WarmStartError extends Error {
  override readonly name = 'WarmStartError';
}

/** Canonical texts, each once. @throws WarmStartError */
export function warmTexts(warmStart: WarmStart | undefined, space: SearchSpace): readonly string[] {
  const texts = (warmStart?.genotypes ?? []).map((text, i) => {
    try {
      const genotype = parseGenotype(text);
      const outside = genotypeInSpace(genotype, space);
      if (outside === undefined) return printGenotype(genotype);
      throw new WarmStartError(`${placeOf(i)}: expected a network of searchSpace, but ${outside}`);
    } catch (cause) {
      if (!(cause instanceof GenotypeError)) throw cause;
      throw new WarmStartError(`${placeOf(i)}: ${cause.message}`, { cause });
    }
  });
  return [...new Set(texts)];
}

const placeOf = (i: number): string => `spec.warmStart.genotypes[${i}]`;

/** The next of `texts`; undefined once all were proposed. */
export function proposeWarm<State extends AlgorithmState>(
  state: State,
  texts: readonly string[],
): Asked<State> | undefined {
  const text = texts[state.proposed];
  const drawn = text === undefined ? undefined : newText(state, parseGenotype(text));
  return drawn && propose(state, drawn, { variation: 'warm start' });
}
