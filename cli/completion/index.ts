// Door of `bionas completion`.
export { addCompletionCommand } from './command.ts';
