// Whether traces are wanted, as OpenTelemetry's own variables say, and the way to them. What exports is loaded only where they
// are: an operator without a collector starts as if none of this were there.
import { noTracer } from '../../runtime/index.ts';
import type { Traces, TracesOptions } from './exporting-tracer.ts';

export interface OpenTraces extends Traces {
  /** Where to, for processes that are to tell of the same traces. Headers stay here: they may hold a secret. */
  readonly environment: Readonly<Record<string, string>>;
}

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

export async function openTraces(options: TracesOptions): Promise<OpenTraces> {
  const { env } = options;
  const given = ENDPOINTS.filter((name) => env[name]);
  const isOff = env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  if (given.length === 0 || isOff)
    return { tracer: noTracer, environment: {}, close: async () => {} };
  const { exportingTracer } = await import('./exporting-tracer.ts');
  const ratio = ratioOf(env);
  const exporting = exportingTracer({ ...options, ratio });
  const environment = Object.fromEntries(given.map((name) => [name, env[name] ?? '']));
  return { ...exporting, environment };
}

/** Of all traces, those that are wanted: by OTEL_TRACES_SAMPLER and its argument, all by default. */
function ratioOf(env: TracesOptions['env']): number {
  const sampler = env['OTEL_TRACES_SAMPLER'] ?? '';
  if (sampler.endsWith('always_off')) return 0;
  if (!sampler.endsWith('traceidratio')) return 1;
  const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? '1');
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}
