// What a sender wrote: JSON where it is JSON, else text. Untrusted either way.

const UTF8 = new TextDecoder();

export function decoded(bytes: Uint8Array): unknown {
  const text = UTF8.decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
