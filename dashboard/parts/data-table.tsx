// A small table. With `sort` and `onSort` its heads are buttons that sort.
import type { ComponentChildren } from 'preact';

export interface TableColumn<Row> {
  readonly title: string;
  readonly number?: boolean;
  /** Hidden where the page is narrow. */
  readonly wide?: boolean;
  readonly of: (row: Row, place: number) => ComponentChildren;
  /** What it sorts by; absent: it does not sort. */
  readonly by?: (row: Row) => string | number | undefined;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** `title` or `-title`. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
}

const classOf = ({ number, wide }: { number?: boolean; wide?: boolean }): string =>
  [number ? 'number' : '', wide ? 'roomy' : ''].join(' ').trim();

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf } = props;
  return (
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.title} column={column} {...props} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td class={classOf(column)}>{column.of(row, place)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Head<Row>({
  column,
  sort,
  onSort,
}: Pick<DataTableProps<Row>, 'sort' | 'onSort'> & { column: TableColumn<Row> }) {
  const { title, by } = column;
  if (by === undefined || onSort === undefined)
    return (
      <th scope="col" class={classOf(column)}>
        {title}
      </th>
    );
  const direction = sort === title ? 'ascending' : sort === `-${title}` ? 'descending' : 'none';
  const next = direction === 'descending' ? title : `-${title}`;
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction}>
      <button type="button" class="sort" onClick={() => onSort(next)}>
        {title}
      </button>
    </th>
  );
}
