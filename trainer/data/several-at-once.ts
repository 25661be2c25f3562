// Work on a few items of a list at a time.

/** Begins them in order, and stops with the first error. */
export async function severalAtOnce<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  // A generator: the first lane that fails ends it for all.
  const waiting = (function* () {
    let index = 0;
    for (const item of items) yield [item, index++] as const;
  })();
  const lane = async () => {
    for (const [item, index] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
