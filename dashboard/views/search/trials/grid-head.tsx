// The heads of a grid's columns: buttons that sort.

import { cellClass } from './cell-class.ts';
import type { GridColumn } from './columns.tsx';

interface GridHeadProps {
  readonly columns: readonly GridColumn[];
  /** `title` or `-title`. */
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

export const GridHead = ({ columns, sort, onSort }: GridHeadProps) => (
  <div role="rowgroup" class="grid-head">
    <div role="row" class="line" aria-rowindex={1}>
      <span role="columnheader">
        <span class="hidden">picked</span>
      </span>
      {columns.map((column) => {
        const { title } = column;
        const direction =
          sort === title ? 'ascending' : sort === `-${title}` ? 'descending' : 'none';
        return (
          <span
            key={title}
            role="columnheader"
            class={cellClass(column)}
            aria-sort={direction}
            style={{ flex: column.width }}
          >
            <button
              type="button"
              class="sort"
              onClick={() => onSort(direction === 'descending' ? title : `-${title}`)}
            >
              {title}
            </button>
          </span>
        );
      })}
    </div>
  </div>
);
