// The network that a trial trains, as its genotype, shape and recipe say.
import { parseGenotype, type TrialSpec } from '../../crds/index.ts';
import { loadLearningRules } from '../learning-rules/index.ts';
import { buildNetwork, type Network, type Task } from '../network/index.ts';

/** @throws GenotypeError, NetworkError */
export async function networkOf(
  { genotype, shape, training }: Pick<TrialSpec, 'genotype' | 'shape' | 'training'>,
  task: Task,
): Promise<Network> {
  const { auxiliaryWeight, dropPath } = training.regularisation;
  return buildNetwork({
    genotype: parseGenotype(genotype),
    shape,
    task,
    rules: await loadLearningRules(),
    auxiliary: auxiliaryWeight > 0,
    dropPath: dropPath > 0,
  });
}
