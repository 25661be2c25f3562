// Door of variation: random genotypes of a space, and genotypes one change away from another.
export { MUTATION_KINDS, type MutationKind, type Neighbour } from './family.ts';
export { fromGenes, type Genes, geneSizes, nextGenes, toGenes } from './genes.ts';
export { type Mutation, type MutationOdds, mutations, neighbourhood } from './mutate.ts';
export { sampleGenotype, walkSpace } from './sample.ts';
