// The Metrics port over OpenTelemetry, read by Prometheus. Instruments are made at their first use.
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Metrics } from '../../runtime/index.ts';

export interface MetricsPage {
  readonly metrics: Metrics;
  /** All that was counted so far, in Prometheus' text format 0.0.4. */
  page(): Promise<string>;
}

/** Seconds: from a cached look to a call that waited for its deadline. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Names get `prefix` and an underscore in front. */
export function createMetrics(prefix: string): MetricsPage {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({
    readers: [exporter],
    views: [
      {
        instrumentName: '*_seconds',
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: BUCKETS },
        },
      },
    ],
  });
  const meter = provider.getMeter(prefix);
  const counters = remembered((name) => meter.createCounter(`${prefix}_${name}`));
  const gauges = remembered((name) => meter.createGauge(`${prefix}_${name}`));
  const histograms = remembered((name) => meter.createHistogram(`${prefix}_${name}`));
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    metrics: {
      count: (name, labels, by = 1) => counters(name).add(by, labels),
      gauge: (name, value, labels) => gauges(name).record(value, labels),
      observe: (name, value, labels) => histograms(name).record(value, labels),
    },
    page: async () => serializer.serialize((await exporter.collect()).resourceMetrics),
  };
}

function remembered<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}
