// Door of `bionas pareto`.
export { addParetoCommand } from './command.ts';
