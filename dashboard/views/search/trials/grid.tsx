// A list of thousands of rows of which those in sight exist. One row has the keyboard: arrows move, Enter opens, x picks.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TrialRow } from '../../../api.ts';
import { go } from '../../../route/index.ts';
import { cellClass } from './cell-class.ts';
import type { GridColumn } from './columns.tsx';
import { GridHead } from './grid-head.tsx';
import { rowAfter, type Window, windowOf } from './window.ts';

export const ROW = 32;

/** Rows that have room at least, for a list that a filter makes shorter. */
const LEAST = 8;
/** Of a bar to scroll sideways. */
const EDGE = 18;

export interface GridProps {
  readonly columns: readonly GridColumn[];
  readonly rows: readonly TrialRow[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly picked: readonly string[];
  readonly onPick: (name: string) => void;
  readonly hrefOf: (row: TrialRow) => string;
}

export function Grid(props: GridProps) {
  const { columns, rows, sort, onSort } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const window = useWindow(scroller, rows.length);
  const keys = useRowKeys(props, scroller);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [sort]);
  return (
    <div
      class="grid-scroll"
      ref={scroller}
      style={{ maxHeight: `${ROW * (Math.max(LEAST, rows.length) + 1) + EDGE}px` }}
    >
      <div
        role="grid"
        aria-label="Trials"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        tabIndex={rows.length === 0 ? 0 : -1}
        onKeyDown={keys.onKeyDown}
      >
        <GridHead columns={columns} sort={sort} onSort={onSort} />
        <div class="grid-body" role="rowgroup" style={{ height: `${ROW * rows.length}px` }}>
          {rows.slice(window.first, window.end).map((row, k) => (
            <Line
              key={row.name}
              row={row}
              place={window.first + k}
              active={keys.active}
              {...props}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The rows in sight, followed as one scrolls. */
function useWindow(scroller: { current: HTMLDivElement | null }, count: number): Window {
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight });
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  return windowOf(seen.top, seen.height, ROW, count);
}

function useRowKeys(
  { rows, hrefOf, onPick }: GridProps,
  scroller: { current: HTMLDivElement | null },
) {
  const [wanted, setActive] = useState(0);
  const active = Math.min(wanted, Math.max(0, rows.length - 1));
  const moved = useRef(false);
  useLayoutEffect(() => {
    if (moved.current)
      scroller.current?.querySelector<HTMLElement>(`[data-place="${active}"]`)?.focus();
    moved.current = false;
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const element = scroller.current;
    const row = rows[active];
    if (element === null || row === undefined || !onRow(event.target)) return;
    const page = Math.floor(element.clientHeight / ROW) - 2;
    const next = rowAfter(event.key, active, rows.length, page);
    if (next === undefined && event.key !== 'x' && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Enter') go(hrefOf(row));
    else if (event.key === 'x') onPick(row.name);
    else if (next !== undefined) {
      moved.current = true;
      setActive(next);
      reveal(element, next);
    }
  };
  return { active, onKeyDown };
}

const onRow = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.dataset['place'] !== undefined;

/** The head covers the first row's place. */
function reveal(element: HTMLElement, row: number): void {
  const top = row * ROW;
  if (top < element.scrollTop) element.scrollTop = top;
  const below = top + 2 * ROW - element.clientHeight + 8;
  if (below > element.scrollTop) element.scrollTop = below;
}

interface LineProps extends GridProps {
  readonly row: TrialRow;
  readonly place: number;
  readonly active: number;
}

function Line({ row, place, active, columns, picked, onPick, hrefOf }: LineProps) {
  const isPicked = picked.includes(row.name);
  const label = `Pick trial ${row.index} for a comparison`;
  return (
    <div
      role="row"
      class="line"
      aria-rowindex={place + 2}
      aria-selected={isPicked}
      data-place={place}
      tabIndex={place === active ? 0 : -1}
      style={{ top: `${place * ROW}px` }}
    >
      <span role="gridcell">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={label}
          checked={isPicked}
          onChange={() => onPick(row.name)}
        />
      </span>
      {columns.map((column, k) => (
        <span
          key={column.title}
          role="gridcell"
          class={cellClass(column)}
          style={{ flex: column.width }}
        >
          {k === 0 ? (
            <a href={hrefOf(row)} tabIndex={-1}>
              {column.of(row, place)}
            </a>
          ) : (
            column.of(row, place)
          )}
        </span>
      ))}
    </div>
  );
}
