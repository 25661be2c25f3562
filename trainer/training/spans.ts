// What took how long, told to whoever traces a trial: whole parts of it, never single steps.

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Spans {
  /** Does the work and tells how long it took, and whether it threw; below the part in which it is called. */
  during<T>(name: string, work: () => Promise<T>, attributes?: SpanAttributes): Promise<T>;
  /** W3C Trace Context of the part that goes on, for who is told of it; undefined where nobody traces. */
  traceparent(): string | undefined;
}

/** Nobody listens. `traceparent` is handed on as it came. */
export const untold = (traceparent?: string): Spans => ({
  during: (_name, work) => work(),
  traceparent: () => traceparent,
});
