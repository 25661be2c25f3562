// Rows in the order of a column. Pure.

/** `-name`: downwards. What has no value comes last, either way. */
export function sorted<Row>(
  rows: readonly Row[],
  sort: string,
  columns: readonly {
    readonly title: string;
    readonly by?: (row: Row) => string | number | undefined;
  }[],
): readonly Row[] {
  const down = sort.startsWith('-');
  const by = columns.find(({ title }) => title === (down ? sort.slice(1) : sort))?.by;
  if (by === undefined) return rows;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  const direction = down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined);
    return direction * compare(a.key, b.key);
  });
  return keyed.map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
