// The Metrics port over OpenTelemetry, read by Prometheus. What is described is on the page from the start, counters at 0, so that
// a rate over the first thing that goes wrong is not lost; other instruments are made at their first use.
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationType, InstrumentType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Labels, Metrics } from '../../runtime/index.ts';

export interface MetricsPage {
  readonly metrics: Metrics;
  /** All that was counted so far, in Prometheus' text format 0.0.4. */
  page(): Promise<string>;
}

export interface MetricDescription {
  /** Without the prefix. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** By label, the values that it can have; undefined where they are known only at run time, and few all the same. */
  readonly labels?: Readonly<Record<string, readonly string[] | undefined>>;
}

/** Seconds: from a cached look to a call that waited for its deadline. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Names get `prefix` and an underscore in front. */
export function createMetrics(
  prefix: string,
  described: readonly MetricDescription[] = [],
): MetricsPage {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({
    readers: [exporter],
    views: [
      {
        instrumentName: '*_seconds',
        instrumentType: InstrumentType.HISTOGRAM,
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: BUCKETS },
        },
      },
    ],
  });
  const meter = provider.getMeter(prefix);
  const help = new Map(described.map(({ name, help }) => [name, { description: help }]));
  const named = (name: string) => [`${prefix}_${name}`, help.get(name)] as const;
  const counters = remembered((name) => meter.createCounter(...named(name)));
  const gauges = remembered((name) => meter.createGauge(...named(name)));
  const histograms = remembered((name) => meter.createHistogram(...named(name)));
  for (const { name, kind, labels } of described)
    if (kind === 'counter') for (const each of combinations(labels)) counters(name).add(0, each);
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

/** Every choice of values; none where one of the labels is open. */
function combinations(labels: MetricDescription['labels'] = {}): Labels[] {
  return Object.entries(labels).reduce<Labels[]>(
    (all, [label, values = []]) =>
      all.flatMap((before) => values.map((value) => ({ ...before, [label]: value }))),
    [{}],
  );
}

function remembered<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}
