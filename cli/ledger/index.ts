// Door of `bionas ledger`.
export { addLedgerCommand } from './command.ts';
export type { Entry, Found } from './entry.ts';
export { fileEntries } from './file-entries.ts';
