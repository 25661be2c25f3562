// The door of the trainer's telemetry: spans to a collector, log lines for people or programs.
export { jsonLog } from './json-log.ts';
export { openSpans } from './open-spans.ts';
