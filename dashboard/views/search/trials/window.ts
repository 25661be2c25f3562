// Which rows of a long list are in sight, and need to be there. Pure.

export interface Window {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** Rows beyond the edges, so that a scroll finds them drawn. */
const BEYOND = 8;

export function windowOf(top: number, height: number, row: number, count: number): Window {
  const first = Math.max(0, Math.floor(top / row) - BEYOND);
  return {
    first: Math.min(first, count),
    end: Math.min(count, Math.ceil((top + height) / row) + BEYOND),
  };
}

/** Where a key leads from a row; undefined: the key means nothing here. */
export function rowAfter(
  key: string,
  row: number,
  count: number,
  page: number,
): number | undefined {
  const to = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}
