// Who was varied from whom: all trials with the line of one, the best at first, and the tree around it.
import { useMemo } from 'preact/hooks';
import type { TrialRow } from '../../../api.ts';
import { FamilyPlot, FamilyTree } from '../../../charts/index.ts';
import {
  directionsOf,
  type Family,
  familyOf,
  meritOf,
  relativesOf,
  treeOf,
} from '../../../figures/index.ts';
import { Card, Note } from '../../../parts/index.ts';
import { hrefOf, setQuery } from '../../../route/index.ts';
import { FilterProblems } from '../filter-problems.tsx';
import type { Known } from '../known.ts';
import { trialHref } from '../opened.ts';

/** Lines of the tree. */
const SHOWN = 200;

export function Lineage({ known }: { known: Known }) {
  const { view, table, filter, query, rows } = known;
  const family = useMemo(() => familyOf(table.trials), [table]);
  const searched = useMemo(() => rows.filter(({ final }) => !final), [rows]);
  const selected = chosen(query['trial'], searched, family, known);
  if (selected === undefined) return <Note>No trial fits.</Note>;
  return (
    <>
      <FilterProblems problems={filter.problems} />
      <div class="cards">
        <Card title={`All trials, and the line of #${selected.index}`} wide>
          {() => (
            <FamilyPlot
              rows={searched}
              family={family}
              selected={selected}
              objectives={view.objectives}
              onSelect={({ index }) => setQuery({ trial: String(index) })}
            />
          )}
        </Card>
        <Tree known={known} family={family} selected={selected} />
      </div>
    </>
  );
}

/** The one that the address names, or the best. */
function chosen(
  wanted: string | undefined,
  rows: readonly TrialRow[],
  { byIndex }: Family,
  { view }: Known,
) {
  const named = wanted === undefined ? undefined : byIndex.get(Number(wanted));
  const [direction = 1] = directionsOf(view.objectives);
  const better = (a: TrialRow, b: TrialRow) =>
    meritOf(b, direction) > meritOf(a, direction) ? b : a;
  return named ?? (rows.length === 0 ? undefined : rows.reduce(better));
}

function Tree({ known, family, selected }: { known: Known; family: Family; selected: TrialRow }) {
  const nodes = useMemo(() => treeOf(relativesOf(selected, family, SHOWN)), [selected, family]);
  const aside = <a href={trialHref(known, selected.name)}>open {selected.name}</a>;
  const { namespace, name } = known;
  return (
    <Card title={`Ancestors and descendants of #${selected.index}`} wide aside={aside}>
      {() => (
        <>
          <FamilyTree
            nodes={nodes}
            selected={selected}
            objectives={known.view.objectives}
            hrefOf={({ index }) =>
              hrefOf(
                { view: 'search', tab: 'lineage', namespace, name },
                { ...known.query, trial: String(index) },
              )
            }
          />
          {nodes.length < SHOWN ? undefined : <Note>The {SHOWN} nearest.</Note>}
        </>
      )}
    </Card>
  );
}
