// Door of `bionas run`, of the report that it can write again, and of what lies in the directory of a run.
export { addRunCommand } from './command.ts';
export { type EditIo, editStoredSearch, type SpecEdit } from './edits.ts';
export { readSearch, readSearchFile } from './manifest.ts';
export { type PreflightIo, preflight } from './preflight.ts';
export { addReportCommand } from './report-command.ts';
export { takeRunDirectory } from './run-directory.ts';
export { NoSearchError, readStoredSearch } from './stored-search.ts';
export type { Terminal } from './table-view.ts';
