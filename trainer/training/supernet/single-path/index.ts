// Door of single paths.
export { drawGenes, type Genes, genotypeOf } from './genes.ts';
export { singlePath } from './method.ts';
