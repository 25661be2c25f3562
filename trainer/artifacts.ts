// Files that a trained network leaves for others.
import { join } from 'node:path';
import { genotypeHash, printGenotype } from '../crds/index.ts';
import { type Trained, writeAtomically } from './training/index.ts';

/** Writes genotype.json; gives names and paths. */
export async function writeArtifacts({
  directory,
  genotype,
  spec,
}: Trained): Promise<Record<string, string>> {
  const path = join(directory, 'genotype.json');
  const text = printGenotype(genotype);
  const document = { text, hash: genotypeHash(genotype), genotype, shape: spec.shape };
  await writeAtomically(path, `${JSON.stringify(document, null, 2)}\n`);
  return { 'genotype.json': path };
}
