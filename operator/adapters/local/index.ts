// The door of the local adapter: one process instead of API server, broker and nodes.
export { BusFullError, LocalBus, type LocalBusOptions } from './bus.ts';
export { freePorts } from './free-ports.ts';
export { Kubelet, type KubeletOptions } from './kubelet.ts';
export { FileLedger, MalformedLedgerError } from './ledger.ts';
export { ObjectFiles, UnreadableObjectError } from './object-files.ts';
export { ObjectStore, type ObjectStoreOptions } from './object-store.ts';
export { oomKills } from './oom-kills.ts';
export {
  type Container,
  POD,
  type Pod,
  type PodCondition,
  type PodStatus,
  STORED_POD,
  type Terminated,
} from './pod.ts';
export { UnreadableRevisionError } from './revisions.ts';
export type { StoredKind } from './stored-kind.ts';
