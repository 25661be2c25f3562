// Door of `bionas ledger`, and of what replays a ledger.
export { gapsIn, SearchCheck } from './check.ts';
export { addLedgerCommand } from './command.ts';
export { type Replay, replayOf } from './compare.ts';
export { entriesOf, type LedgerPlace } from './entries.ts';
export type { Entry, Found } from './entry.ts';
export { fileEntries } from './file-entries.ts';
