// Door of `bionas ledger`.
export { addLedgerCommand } from './command.ts';
