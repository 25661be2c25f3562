// Reports as JSON lines, for people and scripts that run a trainer by hand.
import type { ReportBus } from './reporter.ts';

export const lineBus = (write: (line: string) => void): ReportBus => ({
  send: async (report) => write(`${JSON.stringify(report)}\n`),
});
