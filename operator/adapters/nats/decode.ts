// What a sender wrote: JSON where it is JSON, else text; and what its headers say of its trace. Untrusted either way.
import type { MsgHdrs } from '@nats-io/transport-node';

const UTF8 = new TextDecoder();

export function decoded(bytes: Uint8Array): unknown {
  const text = UTF8.decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The header of W3C Trace Context; undefined where there is none, or the headers are none of NATS. */
export function traceparentOf(message: {
  readonly headers?: MsgHdrs | undefined;
}): string | undefined {
  try {
    // Read when asked for: a line break inside of a value throws.
    return message.headers?.get('traceparent') || undefined;
  } catch {
    return undefined;
  }
}
