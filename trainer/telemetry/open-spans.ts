// Whether anybody wants to know what took how long, as OpenTelemetry's own variables say. What exports is loaded only then: a
// trainer without a collector starts as if none of this were there.
import { untold } from '../training/index.ts';
import type { OpenSpans } from './exported-spans.ts';

export interface OpenSpansOptions {
  /** Of the process. TRACEPARENT says below which span the trainer is. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

export async function openSpans({ env, log }: OpenSpansOptions): Promise<OpenSpans> {
  const { TRACEPARENT: traceparent, OTEL_SDK_DISABLED: disabled } = env;
  const to = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const parent = placeIn(traceparent ?? '');
  const isOff = disabled === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  if (!to || isOff || parent === undefined)
    return { spans: untold(traceparent), close: async () => {} };
  const { exportedSpans } = await import('./exported-spans.ts');
  return exportedSpans({ parent, service: env['OTEL_SERVICE_NAME'] || 'bionas-trainer', log });
}

/** Undefined where it is no traceparent of W3C Trace Context, or one that nobody samples. */
function placeIn(text: string): { readonly traceId: string; readonly spanId: string } | undefined {
  const found = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text);
  const [, traceId = '', spanId = '', flags = '00'] = found ?? [];
  return (Number.parseInt(flags, 16) & 1) === 1 ? { traceId, spanId } : undefined;
}
