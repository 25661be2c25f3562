// Prints `N passed, N failed` (and skipped) from vitest's JSON report; exits 1 where tests failed or none ran.
import { readFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

const [path = 'test-report.json'] = process.argv.slice(2);
const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (failed > 0 || passed === 0 || report.numFailedTestSuites > 0) process.exitCode = 1;
