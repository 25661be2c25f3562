// Door of `bionas plan`.
export { addPlanCommand } from './command.ts';
