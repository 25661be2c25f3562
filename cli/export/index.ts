// Door of `bionas export`.
export { addExportCommand } from './command.ts';
export { genotypeDocument } from './genotype-document.ts';
