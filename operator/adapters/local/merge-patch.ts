// JSON merge patch (RFC 7386) on immutable JSON values: pure, shares what did not change.

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined` in a patch means "not mentioned", as it does in JSON text. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) merged.delete(name);
    else if (change !== undefined) merged.set(name, mergePatch(merged.get(name), change));
  }
  return Object.fromEntries(merged);
}
