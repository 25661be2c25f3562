// Door of the dashboard's server: `bionas dashboard`, and what `bionas run --dashboard` starts.
export { addDashboardCommand } from './command.ts';
export type { Dashboard } from './start.ts';
export { startDashboard } from './start-lazily.ts';
