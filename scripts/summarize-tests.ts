// Says again which tests failed, if only at the first try, and why: a log of thousands of lines is read from its end. Then
// `N passed, N failed` (and skipped), from vitest's JSON reports summed; exits 1 where tests failed or none ran.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const COUNTS = [
  'numPassedTests',
  'numFailedTests',
  'numPendingTests',
  'numFailedTestSuites',
] as const;
type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;
type Case = Readonly<{ fullName: string; status: string; failureMessages: readonly string[] }>;
type File = Readonly<{
  name: string;
  status: string;
  message: string;
  assertionResults: readonly Case[];
}>;
type Report = Counts & Readonly<{ testResults: readonly File[] }>;

/** A few lines for each test that failed, if only at the first try, and for each file that could not be run. */
function failures({ name, status, message, assertionResults }: File): string[] {
  const path = relative(process.cwd(), name);
  const cases = assertionResults.filter((test) => test.failureMessages.length > 0);
  if (cases.length === 0 && status === 'failed') return [`failed: ${path}\n${firstLines(message)}`];
  return cases.map((test) => {
    const outcome = test.status === 'failed' ? 'failed' : 'passed at the second try';
    return `${outcome}: ${path} > ${test.fullName}\n${firstLines(test.failureMessages.join('\n'))}`;
  });
}

const firstLines = (text: string) =>
  text
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');

const reports = process.argv
  .slice(2)
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Report);
for (const line of reports.flatMap((report) => report.testResults.flatMap(failures)))
  console.log(line);
const [passed, failed, skipped, failedSuites] = COUNTS.map((count) =>
  reports.reduce((sum, report) => sum + report[count], 0),
) as [number, number, number, number];
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (failed > 0 || passed === 0 || failedSuites > 0) process.exitCode = 1;
