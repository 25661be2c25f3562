// The door of the tracing adapter: spans to a collector, where there is one. Apart from telemetry/, as it is loaded by `bionas run`.
export { type OpenTraces, openTraces } from './open-traces.ts';
