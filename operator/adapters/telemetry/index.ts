// The door of the telemetry adapter: logs as JSON lines, metrics in Prometheus' text format.
export { type LogLevel, pinoLogger } from './logger.ts';
export { createMetrics, type MetricDescription, type MetricsPage } from './metrics.ts';
