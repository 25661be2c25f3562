// Door of what comes from the server, and goes to it.

export { addressToken, keepAddressToken } from './address-token.ts';
export type { Link } from './live-search.ts';
export {
  editSearch,
  filePath,
  getImportance,
  getLog,
  getSearches,
  getTrial,
} from './requests.ts';
export type { Table } from './table.ts';
export { type Answer, problemOf, useAnswer, useTick } from './use-answer.ts';
export { type SearchHandle, useSearch } from './use-search.ts';
