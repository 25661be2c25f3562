// Door of `bionas debug`.
export { addDebugCommand, type DebugIo } from './command.ts';
