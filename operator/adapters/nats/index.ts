// The door of the NATS adapter: the only place of the operator that knows the client's library.
export * from './auth/index.ts';
export { NatsBus, type NatsBusOptions } from './bus.ts';
export { connectNats, type NatsOptions } from './connect.ts';
export * from './errors.ts';
export { filesOf, makeBucket } from './files.ts';
export { type LedgerMessage, NatsLedger, type NatsLedgerOptions } from './ledger.ts';
export { NatsLeftovers } from './leftovers.ts';
export type { NatsLink } from './link.ts';
export { LiveReports } from './live-reports.ts';
export { LEDGER, prepareStreams, REPORTS, type StreamSettings } from './streams.ts';
export { bucketOf, reportSubject } from './subjects.ts';
