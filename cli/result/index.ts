// Door of a search's result: its schema, its making, its file.
export { comparisonsOf, finishedTrial, searchResult, unfinishedTrial } from './build.ts';
export { resultDocument } from './document.ts';
export { ResultFileError, readResult, replaceFile, writeResult } from './files.ts';
export { distanceText, maskingSentences } from './gradient-masking.ts';
export { type RankedResult, ResultTrial, SearchResult } from './schema.ts';
