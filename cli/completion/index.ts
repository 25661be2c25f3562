// Door of `bionas completion`, and of the answers to what its scripts ask.
export { addCompletionCommand, complete } from './command.ts';
export { ASK } from './shells.ts';
