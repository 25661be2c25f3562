// The port through which the runtime tells what took how long, across processes: spans after OpenTelemetry, named places after
// W3C Trace Context. The trace of an object follows from its UID, so that an operator that starts anew goes on with it.
import { createHash } from 'node:crypto';

/** Where a span is: others hang below it, or link to it, in whatever process they are. */
export interface SpanPlace {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Whether anybody wants the trace. */
  readonly sampled: boolean;
}

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** Absent: it begins a trace. */
  readonly parent?: SpanPlace | undefined;
  /** Its own place, where others must know it beforehand. */
  readonly place?: SpanPlace | undefined;
  readonly links?: readonly SpanPlace[] | undefined;
  /** Ms since 1970; now by default. */
  readonly startMs?: number | undefined;
  readonly attributes?: Attributes | undefined;
}

export interface SpanEnd {
  /** Ms since 1970; now by default. */
  readonly endMs?: number | undefined;
  readonly attributes?: Attributes | undefined;
  /** What went wrong. */
  readonly failure?: string | undefined;
}

export interface Span {
  readonly place: SpanPlace;
  /** Once. A span that is not ended was not worth telling: it leaves nothing. */
  end(how?: SpanEnd): void;
}

export interface Tracer {
  start(name: string, options?: SpanOptions): Span;
  /** Whether the trace of this id is wanted. */
  samples(traceId: string): boolean;
}

const NOWHERE: SpanPlace = {
  traceId: '0'.repeat(32),
  spanId: '0'.repeat(16),
  sampled: false,
};

/** Wants every trace, for others to tell, and tells nothing itself. */
export const noTracer: Tracer = {
  start: (_name, { place = NOWHERE } = {}) => ({ place, end() {} }),
  samples: () => true,
};

/** A UUID without its dashes, so that people find the trace of an object by its UID; of any other UID, a hash. */
export function traceIdOf(uid: string): string {
  const digits = uid.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) && /[1-9a-f]/.test(digits) ? digits : hashed(uid, 32);
}

/** The place in the trace of an object where the span of one of its parts is, or will be. */
export function placeOf(uid: string, part: string, tracer: Pick<Tracer, 'samples'>): SpanPlace {
  const traceId = traceIdOf(uid);
  return { traceId, spanId: hashed(`${uid} ${part}`, 16), sampled: tracer.samples(traceId) };
}

const hashed = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);

/** As W3C Trace Context writes it: version, trace, span, flags. */
export const traceparentOf = ({ traceId, spanId, sampled }: SpanPlace): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** Undefined where the text is no traceparent. */
export function parseTraceparent(text: string): SpanPlace | undefined {
  const found = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text);
  if (found === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = found;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
