// Lines of log as JSON objects, as the operator's are, each with the search, the trial and the trace that it is of.

export interface JsonLogOptions {
  /** Text of the Trial; one that is none leaves its fields out. */
  readonly trialText: string;
  readonly attempt: number;
  readonly traceparent?: string | undefined;
  readonly write: (text: string) => void;
  /** Ms since 1970. */
  readonly now: () => number;
}

export function jsonLog({
  trialText,
  attempt,
  traceparent,
  write,
  now,
}: JsonLogOptions): (line: string, fields?: Readonly<Record<string, unknown>>) => void {
  const [, trace_id] = traceparent?.split('-') ?? [];
  const about = { ...namesIn(trialText), attempt, ...(trace_id === undefined ? {} : { trace_id }) };
  return (message, fields) => {
    const time = new Date(now()).toISOString();
    write(`${JSON.stringify({ level: 'info', time, ...about, message, ...fields })}\n`);
  };
}

function namesIn(trialText: string): { readonly search?: unknown; readonly trial?: unknown } {
  try {
    const { metadata, spec } = JSON.parse(trialText);
    return { search: spec.search, trial: metadata.name };
  } catch {
    return {};
  }
}
