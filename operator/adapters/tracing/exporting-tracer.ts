// The Tracer port over OpenTelemetry: spans are exported in batches by OTLP over HTTP. Only open-traces.ts loads this file.
import { randomBytes } from 'node:crypto';
import { type Link, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import {
  type Clock,
  type Logger,
  type Metrics,
  type SpanEnd,
  type SpanOptions,
  type SpanPlace,
  type Tracer,
  withinDeadline,
} from '../../runtime/index.ts';

export interface TracesOptions {
  /** Of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** service.name, unless OTEL_SERVICE_NAME says otherwise. */
  readonly service: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface Traces {
  readonly tracer: Tracer;
  /** Sends what is left, for a moment at most. Never rejects. */
  close(): Promise<void>;
}

/** A collector that does not answer holds nothing up for longer. */
const EXPORT_MS = 5_000;
const CLOSE_MS = 3_000;
const BATCHES = { scheduledDelayMillis: 1_000, exportTimeoutMillis: EXPORT_MS };
const SAY_EVERY_MS = 60_000;

/** `ratio`: of all traces, those that are wanted. */
export function exportingTracer(options: TracesOptions & { readonly ratio: number }): Traces {
  const { service, version, env, clock, ratio } = options;
  const ids = new GivenIds();
  const exporter = telling(new OTLPTraceExporter({ timeoutMillis: EXPORT_MS }), options);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] || service,
      'service.version': version,
    }),
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter, ...BATCHES })],
  });
  const spans = provider.getTracer(service, version);
  const samples = (traceId: string) => sampledBy(ratio, traceId);
  const tracer: Tracer = {
    samples,
    start(name, given = {}) {
      const place = placeFor(given, samples);
      if (!place.sampled) return { place, end() {} };
      const { startMs: startTime = clock.now(), attributes = {}, links = [] } = given;
      const settings = { startTime, attributes, links: links.map(linkTo) };
      const span = ids.withPlace(place, () => spans.startSpan(name, settings, below(given.parent)));
      return { place, end: (how = {}) => endSpan(span, how, clock) };
    },
  };
  const deadline = { clock, ms: CLOSE_MS, reason: 'sending the last spans' };
  return { tracer, close: () => withinDeadline(deadline, provider.shutdown()).catch(() => {}) };
}

function placeFor(
  { place, parent }: SpanOptions,
  samples: (traceId: string) => boolean,
): SpanPlace {
  if (place !== undefined) return place;
  const spanId = randomBytes(8).toString('hex');
  if (parent !== undefined) return { ...parent, spanId };
  const traceId = randomBytes(16).toString('hex');
  return { traceId, spanId, sampled: samples(traceId) };
}

/** By the digits of a UUID that are random, so that all who ask come to the same. */
const sampledBy = (ratio: number, traceId: string): boolean =>
  Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < ratio;

const contextOf = ({ traceId, spanId, sampled }: SpanPlace) => ({
  traceId,
  spanId,
  traceFlags: sampled ? 1 : 0,
  isRemote: true,
});

const linkTo = (place: SpanPlace): Link => ({ context: contextOf(place) });

const below = (parent: SpanPlace | undefined) =>
  parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent));

type OpenSpan = ReturnType<ReturnType<TracerProvider['getTracer']>['startSpan']>;

function endSpan(span: OpenSpan, { endMs, attributes, failure }: SpanEnd, clock: Clock): void {
  if (attributes !== undefined) span.setAttributes(attributes);
  if (failure !== undefined)
    span.setStatus({ code: SpanStatusCode.ERROR, message: failure.slice(0, 1_024) });
  span.end(endMs ?? clock.now());
}

/** Gives the ids of the span that is being started, which is known before it is. */
class GivenIds {
  #place: SpanPlace | undefined;

  withPlace<T>(place: SpanPlace, start: () => T): T {
    this.#place = place;
    try {
      return start();
    } finally {
      this.#place = undefined;
    }
  }

  generateTraceId(): string {
    return this.#place?.traceId ?? randomBytes(16).toString('hex');
  }

  generateSpanId(): string {
    return this.#place?.spanId ?? randomBytes(8).toString('hex');
  }
}

/** Says that spans are lost, now and then. */
function telling(exporter: SpanExporter, { clock, logger, metrics }: TracesOptions): SpanExporter {
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        done(result);
        if (result.error === undefined) return;
        metrics.count('traces_dropped_total', {}, spans.length);
        if (clock.monotonic() - saidAt < SAY_EVERY_MS) return;
        saidAt = clock.monotonic();
        logger.error('Spans are not taken by the collector', { error: result.error });
      }),
    shutdown: () => exporter.shutdown(),
  };
}
