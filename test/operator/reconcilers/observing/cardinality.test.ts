// However many trials there are, the page that Prometheus reads stays as long as it is.
import { expect, test } from 'vitest';
import { createMetrics } from '../../../../operator/adapters/telemetry/index.ts';
import { METRICS } from '../../../../operator/metrics.ts';
import { createFleetGauges } from '../../../../operator/reconcilers/observing/index.ts';
import { makeResult } from '../../../builders/objects.ts';
import { type Page, readPage, sumOf } from '../../../builders/prometheus-text.ts';
import { SearchWorld } from '../search/search-world.ts';
import { reconcile } from '../world.ts';

const TRIALS = 1_000;

const keysOf = ({ series }: Page): string[] =>
  series.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`);

test('a thousand trials add no series', async () => {
  const { metrics, page } = createMetrics('bionas', METRICS);
  const world = new SearchWorld({ budget: { trials: TRIALS }, history: { keep: 20 } });
  world.metrics = metrics;
  world.reconciler = world.searchReconciler();
  const waiting = new Map<string, number>();
  const trialReconciler = world.trialReconciler({
    pending: (trial) => {
      const sequence = waiting.get(trial);
      if (sequence === undefined) return [];
      const body = { kind: 'result', result: makeResult({ accuracy: 0.5, seconds: 2 }) } as const;
      const report = { trial, attempt: 0, sequence, body };
      return [{ report, arrivedMs: world.clock.now(), ack() {} }];
    },
    settle: (trial) => void waiting.delete(trial),
  });
  const gauge = createFleetGauges(metrics);
  const scrape = async () => {
    const pods = world.pods.cache.list();
    const heard = () => world.clock.now();
    const [searches, trials] = [world.searches.cache.list(), world.trials.cache.list()];
    gauge({ searches, trials, pods, heard, nowMs: world.clock.now() });
    return readPage(await page());
  };
  const trainOne = async () => {
    await world.clock.advance(1_000);
    await world.reconcile();
    for (const { metadata, status } of world.trials.cache.list()) {
      if (status?.completionTime !== undefined) continue;
      await reconcile(trialReconciler, metadata.name);
      waiting.set(metadata.uid, 0);
      await reconcile(trialReconciler, metadata.name);
    }
  };
  for (let i = 0; i < 10; i += 1) await trainOne();
  const early = await scrape();
  for (let i = 10; i < TRIALS; i += 1) await trainOne();
  const late = await scrape();
  expect(sumOf(early, 'bionas_trials_ended_total', { outcome: 'succeeded' })).toBe(10);
  expect(sumOf(late, 'bionas_trials_ended_total', { outcome: 'succeeded' })).toBe(TRIALS);
  expect(sumOf(late, 'bionas_device_seconds_total', { device: 'cpu' })).toBe(2 * TRIALS);
  expect(keysOf(late)).toEqual(keysOf(early));
  expect(keysOf(late).length).toBeLessThan(400);
});
