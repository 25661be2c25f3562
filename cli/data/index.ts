// Door of `bionas data`.
export { addDataCommand } from './command.ts';
