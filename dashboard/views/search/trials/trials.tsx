// All trials of a search that fit the filter, sorted; two of them can be picked and compared.
import { useMemo, useState } from 'preact/hooks';
import { directionsOf } from '../../../figures/index.ts';
import { sorted } from '../../../parts/index.ts';
import { hrefOf, setQuery } from '../../../route/index.ts';
import { FilterProblems } from '../filter-problems.tsx';
import type { Known } from '../known.ts';
import { columnsOf } from './columns.tsx';
import { Grid } from './grid.tsx';

export function Trials({ known }: { known: Known }) {
  const { view, rows, table, query, filter } = known;
  const columns = useMemo(() => columnsOf(view.objectives), [view.object]);
  const [metric] = view.objectives;
  const best = metric === undefined ? '' : (directionsOf([metric])[0] ?? 1) > 0 ? '-' : '';
  const { sort = `${best}${metric?.metric ?? '-trial'}` } = query;
  const shown = useMemo(() => sorted(rows, sort, columns), [rows, sort, columns]);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const pick = (name: string) =>
    setPicked(
      picked.includes(name) ? picked.filter((each) => each !== name) : [...picked, name].slice(-2),
    );
  return (
    <section class="card wide grid-card" aria-label="Trials">
      <div class="head">
        <p class="note" role="status">
          {shown.length === table.trials.length
            ? `${shown.length} trials`
            : `${shown.length} of ${table.trials.length} trials`}
        </p>
        <Compare known={known} picked={picked} />
      </div>
      <FilterProblems problems={filter.problems} />
      <Grid
        columns={columns}
        rows={shown}
        sort={sort}
        onSort={(next) => setQuery({ sort: next })}
        picked={picked}
        onPick={pick}
        hrefOf={({ name }) =>
          hrefOf({ view: 'trial', namespace: known.namespace, name: known.name, trial: name })
        }
      />
    </section>
  );
}

function Compare({
  known: { namespace, name },
  picked,
}: {
  known: Known;
  picked: readonly string[];
}) {
  const [a, b] = picked;
  if (a === undefined) return <span class="note">pick two to compare them</span>;
  if (b === undefined) return <span class="note">one picked</span>;
  return (
    <a class="button" href={hrefOf({ view: 'compare', namespace, name, trials: [a, b] })}>
      Compare the two
    </a>
  );
}
