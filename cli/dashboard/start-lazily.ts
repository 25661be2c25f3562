// Starts the server without having loaded it before: other verbs do without its libraries.
import type { startDashboard as start } from './start.ts';

/** @throws PortError */
export const startDashboard: typeof start = async (place, options) =>
  (await import('./start.ts')).startDashboard(place, options);
