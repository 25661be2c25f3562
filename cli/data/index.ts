// Door of `bionas data`.
export { addDataCommand } from './command.ts';
export type { DataIo } from './io.ts';
