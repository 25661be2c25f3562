// Door of supernets as trials.
export { halvesOf } from './halves.ts';
export { runSupernet } from './run-supernet.ts';
export { buildSupernetProgram, type SupernetStepPlan } from './supernet-program.ts';
