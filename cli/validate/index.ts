// Door of `bionas validate`.
export { addValidateCommand, type ValidateIo } from './command.ts';
export type { ManifestFile } from './documents.ts';
export { type FileProblem, formatProblem } from './problem.ts';
export { type Validation, validateFiles } from './validate-files.ts';
