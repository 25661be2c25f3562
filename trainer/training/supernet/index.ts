// Door of supernets as trials.
export { halvesOf } from './halves.ts';
export { mixture } from './mixture.ts';
export { candidatesIn, judgePaths, runSupernet } from './run-supernet.ts';
export {
  drawGenes,
  type Genes,
  genotypeOf,
  pathInputs,
  pathOf,
  singlePath,
} from './single-path/index.ts';
export { buildSupernetProgram, type SupernetStepPlan } from './supernet-program.ts';
