// Resource versions of one kind as an order: decimal numbers that rise with every write. Kubernetes promises it since 1.35
// (KEP-5504), older servers keep it in practice. A server whose versions are no numbers has no order here.

const DECIMAL = /^(0|[1-9]\d*)$/;

/** Below 0 when `a` is older than `b`, 0 when they are the same, above 0 when newer; undefined without an order. */
export function compareVersions(a: string, b: string): number | undefined {
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Without an order nothing is newer than anything. */
export function isNewer(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? 0) > 0;
}
