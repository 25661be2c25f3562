// Door of reporting: what a trainer says, and the buses that carry it.
export { ipcBus } from './ipc-bus.ts';
export { lineBus } from './line-bus.ts';
export {
  createReporter,
  type FailureReason,
  failuresOnly,
  type ReportBus,
  type Reporter,
} from './reporter.ts';
