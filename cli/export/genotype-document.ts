// A network as data, as trainers write genotype.json. Pure.
import {
  type BioNASSearchSpec,
  genotypeHash,
  isSupernetText,
  parseGenotype,
  printGenotype,
} from '../../crds/index.ts';
import type { ResultTrial } from '../result/index.ts';

/** A trial without a network. */
export class NoGenotypeError extends Error {
  override readonly name = 'NoGenotypeError';
  readonly exitCode = 2;
}

/** @throws NoGenotypeError of a supernet that has derived none */
export function genotypeDocument(
  { name, genotype: text }: ResultTrial,
  { searchSpace }: Pick<BioNASSearchSpec, 'searchSpace'>,
) {
  if (isSupernetText(text))
    throw new NoGenotypeError(
      `${name}: expected a network, found a supernet that has derived none yet`,
    );
  const genotype = parseGenotype(text);
  const { cells, channels, network } = searchSpace;
  const shape = {
    ...(cells === undefined ? {} : { cells }),
    channels,
    ...(network === undefined ? {} : { network }),
  };
  return { text: printGenotype(genotype), hash: genotypeHash(genotype), genotype, shape };
}
