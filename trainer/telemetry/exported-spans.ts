// The Spans port over OpenTelemetry: batches by OTLP over HTTP. Only open-spans.ts loads this file.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Spans } from '../training/index.ts';

export interface OpenSpans {
  readonly spans: Spans;
  /** Sends what is left, for a moment at most. Never rejects. */
  close(): Promise<void>;
}

interface ExportedSpansOptions {
  readonly parent: { readonly traceId: string; readonly spanId: string };
  readonly service: string;
  readonly log: (line: string) => void;
}

const EXPORT_MS = 5_000;
/** A collector that does not answer holds the end of a trainer up for no longer. */
const CLOSE_MS = 2_000;
const BATCHES = { scheduledDelayMillis: 1_000, exportTimeoutMillis: EXPORT_MS };

export function exportedSpans({ parent, service, log }: ExportedSpansOptions): OpenSpans {
  const exporter = saidOnce(new OTLPTraceExporter({ timeoutMillis: EXPORT_MS }), log);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...BATCHES })],
  });
  const tracer = provider.getTracer(service);
  const above = trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags: 1, isRemote: true });
  const current = new AsyncLocalStorage<Context>();
  const here = (): Context => current.getStore() ?? above;
  return {
    spans: {
      async during(name, work, attributes = {}) {
        const span = tracer.startSpan(name, { attributes }, here());
        try {
          return await current.run(trace.setSpan(here(), span), work);
        } catch (error) {
          fail(span, error);
          throw error;
        } finally {
          span.end();
        }
      },
      traceparent: () => {
        const { traceId, spanId } = trace.getSpanContext(here()) ?? parent;
        return `00-${traceId}-${spanId}-01`;
      },
    },
    close: () => Promise.race([provider.shutdown(), delay(CLOSE_MS)]).catch(() => {}),
  };
}

function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: String(error).slice(0, 1_024) });
}

/** Says the first time that spans are lost. */
function saidOnce(exporter: SpanExporter, log: (line: string) => void): SpanExporter {
  let said = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        done(result);
        if (result.error === undefined || said) return;
        said = true;
        log(`spans are not taken by the collector: ${result.error}`);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
