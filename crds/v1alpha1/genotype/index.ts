// Door of genotypes: what they are, their text, and their place in a search space.
export * from './candidates.ts';
export { DARTS_PAIRS } from './darts.ts';
export { learnsLocally, takesRule } from './edge.ts';
export * from './genotype.ts';
export { GenotypeError } from './genotype-error.ts';
export * from './space.ts';
export * from './text.ts';
