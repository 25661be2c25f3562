// Objects of the store are shared by all readers; freezing turns a reader's accidental write into an error.

/** Freezes in depth; parts that are frozen already are taken as frozen in depth. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
