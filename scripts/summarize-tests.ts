// Prints `N passed, N failed` (and skipped) from vitest's JSON reports, summed; exits 1 where tests failed or none ran.
import { readFileSync } from 'node:fs';

const COUNTS = [
  'numPassedTests',
  'numFailedTests',
  'numPendingTests',
  'numFailedTestSuites',
] as const;
type Report = Readonly<Record<(typeof COUNTS)[number], number>>;

const reports = process.argv
  .slice(2)
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Report);
const [passed, failed, skipped, failedSuites] = COUNTS.map((count) =>
  reports.reduce((sum, report) => sum + report[count], 0),
) as [number, number, number, number];
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (failed > 0 || passed === 0 || failedSuites > 0) process.exitCode = 1;
