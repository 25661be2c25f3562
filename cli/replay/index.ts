// Door of `bionas replay`.
export { addReplayCommand } from './command.ts';
