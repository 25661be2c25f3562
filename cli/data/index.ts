// Door of `bionas data`.
export { addDataCommand, type DataIo } from './command.ts';
