// Door of single paths.
export { drawGenes, type Genes, genotypeOf, pathOf } from './genes.ts';
export { judgeOf, singlePath } from './method.ts';
export { pathInputs } from './program.ts';
