// Door of `bionas status`, and of how searches are told of in a line.
export { addStatusCommand } from './command.ts';
export { elapsedSeconds, isOver, reasonOf } from './listing.ts';
