// Two trials side by side: what differs between them first, then each.
import type { TrialView } from '../../api.ts';
import { Network } from '../../charts/index.ts';
import { Card, DataTable, Note, type TableColumn } from '../../parts/index.ts';
import type { Known } from '../search/known.ts';
import { trialHref } from '../search/opened.ts';
import { type Difference, differencesOf } from './differences.ts';
import { EpochCards } from './epoch-cards.tsx';
import { useTrial } from './trial.tsx';

interface ComparisonProps {
  readonly known: Known;
  readonly names: readonly [string, string];
}

export function Comparison({ known, names }: ComparisonProps) {
  const [a, b] = [useTrial({ known, name: names[0] }), useTrial({ known, name: names[1] })];
  const problem = a.problem ?? b.problem;
  if (a.value === undefined || b.value === undefined) return <Note>{problem ?? 'Loading …'}</Note>;
  const differences = differencesOf(a.value, b.value, known);
  return (
    <>
      <div class="cards">
        <Card title="What differs" wide>
          {() => (
            <DataTable
              label="Differences"
              columns={columnsOf(names)}
              rows={differences}
              keyOf={({ what }) => what}
            />
          )}
        </Card>
      </div>
      <div class="pair">
        <One view={a.value} known={known} />
        <One view={b.value} known={known} />
      </div>
    </>
  );
}

const columnsOf = ([a, b]: readonly [string, string]): readonly TableColumn<Difference>[] => [
  { title: 'what', of: ({ what }) => what },
  { title: a, of: ({ values }) => values[0] },
  { title: b, of: ({ values }) => values[1] },
  { title: 'difference', number: true, of: ({ difference }) => difference },
];

const One = ({ view: { trial, diagrams, row }, known }: { view: TrialView; known: Known }) => (
  <div class="one">
    <Card title={row.name} aside={<a href={trialHref(known, row.name)}>open</a>}>
      {() => <Network diagrams={diagrams} />}
    </Card>
    <EpochCards epochs={trial.epochs} />
  </div>
);
