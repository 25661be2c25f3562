// Door of `bionas export`.
export { addExportCommand } from './command.ts';
