// Door of `bionas lineage`.
export { addLineageCommand } from './command.ts';
