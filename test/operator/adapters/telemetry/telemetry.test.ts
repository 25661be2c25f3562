import { describe, expect, test } from 'vitest';
import { createMetrics, pinoLogger } from '../../../../operator/adapters/telemetry/index.ts';

function logged(level: 'info' | 'error' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const logger = pinoLogger(level, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

describe('a log line', () => {
  test('is an object with level, time, message and fields', () => {
    const { logger, lines } = logged();
    logger.with({ controller: 'trial' }).info('Reconciled', { key: 'default/night' });
    expect(lines).toMatchObject([
      { level: 'info', message: 'Reconciled', controller: 'trial', key: 'default/night' },
    ]);
    expect(lines[0]?.['time']).toMatch(/^20\d\d-/);
  });

  test('tells an error with its causes', () => {
    const { logger, lines } = logged();
    const cause = new Error('connection refused');
    logger.error('Failed', { error: new Error('no ledger', { cause }) });
    expect(lines[0]?.['error']).toBe('Error: no ledger, caused by Error: connection refused');
  });

  test('shows where a mistake of ours is', () => {
    const { logger, lines } = logged();
    logger.error('Failed', { error: new TypeError('undefined is no function') });
    expect(lines[0]?.['error']).toMatch(/telemetry\.test\.ts/);
  });

  test('keeps secrets', () => {
    const { logger, lines } = logged();
    logger.info('Connected', { token: 'abc', nats: { password: 'def' } });
    expect(JSON.stringify(lines)).not.toMatch(/abc|def/);
  });

  test('below the level is not written', () => {
    const { logger, lines } = logged('error');
    logger.info('small talk');
    expect(lines).toEqual([]);
  });
});

test('metrics are read by Prometheus, counters once with _total', async () => {
  const { metrics, page } = createMetrics('bionas');
  metrics.count('reports_malformed_total');
  metrics.count('reports_malformed_total', {}, 2);
  metrics.gauge('workqueue_depth', 7, { queue: 'trial' });
  metrics.observe('controller_reconcile_seconds', 0.003, { controller: 'trial' });
  const text = await page();
  expect(text).toMatch(/^bionas_reports_malformed_total 3$/m);
  expect(text).toMatch(/^bionas_workqueue_depth\{queue="trial"\} 7$/m);
  expect(text).toMatch(
    /^bionas_controller_reconcile_seconds_bucket\{controller="trial",le="0.005"\} 1$/m,
  );
  expect(text).not.toContain('_total_total');
});
