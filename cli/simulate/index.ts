// Door of `bionas simulate`.
export { addSimulateCommand } from './command.ts';
