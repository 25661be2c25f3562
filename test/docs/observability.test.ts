// docs/observability.md lists each metric as the operator describes it.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS } from '../../operator/metrics.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/observability.md');

test('the table of metrics is the catalog', () => {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `bionas_'));
  const expected = METRICS.map(
    ({ name, kind, help, labels = {} }) =>
      `| \`bionas_${name}\` | ${kind} | ${Object.keys(labels).join(', ')} | ${help} |`,
  );
  expect(rows).toEqual(expected);
});
