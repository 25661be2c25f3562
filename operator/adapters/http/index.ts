// The door of the HTTP adapter.
export { createHealthServer, type HealthServerOptions } from './health-server.ts';
