// Door of `bionas suspend`, `resume` and `budget`.
export { addEditCommands } from './command.ts';
