// How metrics read.
import { expect, test } from 'vitest';
import { formatMetric } from '../../../cli/quantities/index.ts';
import { METRICS, type Metric } from '../../../crds/index.ts';

test.each<[Metric, number, string]>([
  ['robustAccuracy', 0.256, '25.60 %'],
  ['latency', 0.000_691_3, '691 µs'],
  ['latency', 0.0029, '2.90 ms'],
  ['latency', 1.5, '1.50 s'],
  ['synflow', 16_277_096_628_224, '1.63e+13'],
  ['alignmentAtInit', 0.269_06, '0.269'],
])('%s %d reads %s', (metric, value, want) => {
  expect(formatMetric(metric, value)).toBe(want);
});

test.each(METRICS)('%s reads as something', (metric) => {
  expect(formatMetric(metric, 0.5)).toMatch(/\d/);
});
