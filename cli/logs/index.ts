// Door of `bionas logs`.
export { addLogsCommand } from './command.ts';
