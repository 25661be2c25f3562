// Reading a field of a value of which nothing is known yet.

/** The field, or undefined where the value has none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
