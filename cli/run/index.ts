// Door of `bionas run`.
export { addRunCommand, type RunIo } from './command.ts';
