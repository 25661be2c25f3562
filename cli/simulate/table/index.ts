// Door of the tables that searches are simulated on.
export { openTable, type TableIo, type Wanted } from './open-table.ts';
export { type Curve, lastOf, type SearchTable, type TableNetwork } from './table.ts';
export { printTrainedTable, readTrainedTable } from './trained-table.ts';
