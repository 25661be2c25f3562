// A network as data, as trainers write genotype.json. Pure.
import {
  type BioNASSearchSpec,
  genotypeHash,
  isSupernetText,
  parseGenotype,
  printGenotype,
} from '../../crds/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { NoGenotypeError, shapeOf } from './chosen-network.ts';

/** @throws NoGenotypeError of a supernet that has derived none */
export function genotypeDocument(
  trial: ResultTrial,
  spec: Pick<BioNASSearchSpec, 'searchSpace' | 'final'>,
) {
  if (isSupernetText(trial.genotype))
    throw new NoGenotypeError(
      `${trial.name}: expected a network, found a supernet that has derived none yet`,
    );
  const genotype = parseGenotype(trial.genotype);
  const [text, hash] = [printGenotype(genotype), genotypeHash(genotype)];
  return { text, hash, genotype, shape: shapeOf(trial, spec) };
}
