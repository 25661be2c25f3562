// Door of `bionas debug`.
export { addDebugCommand } from './command.ts';
