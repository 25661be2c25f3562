// Who was varied from whom: a trial's ancestors, children, and the tree around it. Pure; loops, for lines may be thousands long.
import type { TrialRow } from '../api.ts';

export interface Family {
  readonly byIndex: ReadonlyMap<number, TrialRow>;
  readonly children: ReadonlyMap<number, readonly TrialRow[]>;
}

export function familyOf(rows: readonly TrialRow[]): Family {
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  const born = rows.filter((row) => parentOf(row, byIndex) !== undefined);
  return { byIndex, children: Map.groupBy(born, ({ parent }) => parent ?? -1) };
}

/** A parent comes before its child: what says otherwise leads nowhere. */
export const parentOf = (
  { parent, index }: TrialRow,
  byIndex: ReadonlyMap<number, TrialRow>,
): TrialRow | undefined =>
  parent === undefined || parent >= index ? undefined : byIndex.get(parent);

/** From the first ancestor to the trial itself. */
export function ancestryOf(row: TrialRow, { byIndex }: Family): TrialRow[] {
  const line: TrialRow[] = [];
  for (let next: TrialRow | undefined = row; next !== undefined; next = parentOf(next, byIndex))
    line.push(next);
  return line.toReversed();
}

/** Trials below it, the nearer generations first. */
export function descendantsOf(row: TrialRow, { children }: Family): TrialRow[] {
  const found: TrialRow[] = [];
  const open = [row];
  for (const next of open) {
    const own = children.get(next.index) ?? [];
    found.push(...own);
    open.push(...own);
  }
  return found;
}

/** Its ancestors, itself, and of its descendants the nearest, up to `limit` in all; by index. */
export function relativesOf(row: TrialRow, family: Family, limit: number): TrialRow[] {
  const line = ancestryOf(row, family).slice(-limit);
  const below = descendantsOf(row, family).slice(0, limit - line.length);
  return [...line, ...below].toSorted((a, b) => a.index - b.index);
}

export interface TreeNode {
  readonly row: TrialRow;
  /** Generation, from 0. */
  readonly depth: number;
  /** From the top, from 0. */
  readonly line: number;
  readonly parent?: number;
}

/** Parents before their children, each below the one before. A row without its parent among them is a root. */
export function treeOf(rows: readonly TrialRow[]): TreeNode[] {
  const family = familyOf(rows);
  return depthFirst(rows, family).map(({ row, depth }, line) => {
    const parent = parentOf(row, family.byIndex)?.index;
    return { row, depth, line, ...(parent === undefined ? {} : { parent }) };
  });
}

function depthFirst(rows: readonly TrialRow[], { byIndex, children }: Family) {
  const order: { row: TrialRow; depth: number }[] = [];
  const open = rows
    .filter((row) => parentOf(row, byIndex) === undefined)
    .map((row) => ({ row, depth: 0 }))
    .toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    order.push(next);
    const { depth } = next;
    const own = children.get(next.row.index) ?? [];
    open.push(...own.map((row) => ({ row, depth: depth + 1 })).toReversed());
  }
  return order;
}
