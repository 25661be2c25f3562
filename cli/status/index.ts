// Door of `bionas status`, and of how searches are told of in a line.
export { addStatusCommand } from './command.ts';
export { doneShare, type EstimateInput, remainingSeconds } from './estimate.ts';
export { elapsedSeconds, isOver, reasonOf } from './listing.ts';
