// Door of `bionas run`, and of the report that it can write again.
export { addRunCommand } from './command.ts';
export { cut } from './cut.ts';
export { readSearch, readSearchFile } from './manifest.ts';
export type { Pictures, PicturesOfSearch } from './pictures.ts';
export { lookAhead, type PreflightIo } from './preflight.ts';
export { addReportCommand } from './report-command.ts';
export type { Terminal } from './table-view.ts';
