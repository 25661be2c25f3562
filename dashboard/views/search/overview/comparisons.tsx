// The final networks beside their controls.
import { subject } from '../../../../cli/comparison/claim.ts';
import { COMPARED_COLUMNS, type ComparedRow } from '../../../../cli/comparison/columns.ts';
import type { Comparison } from '../../../api.ts';
import { Card, DataTable, Note } from '../../../parts/index.ts';
import type { Known } from '../known.ts';
import { trialHref } from '../opened.ts';

export const ComparisonCards = ({
  comparisons,
  known,
}: {
  comparisons: readonly Comparison[];
  known: Known;
}) => (
  <>
    {comparisons.map((comparison) => (
      <Card key={comparison.trial} title={`Final: ${comparison.trial}`} wide>
        {() => <Compared comparison={comparison} known={known} />}
      </Card>
    ))}
  </>
);

function Compared({ comparison, known }: { comparison: Comparison; known: Known }) {
  const rows: ComparedRow[] = [
    { ...comparison, title: 'as found' },
    ...comparison.variants.map((variant) => ({ ...variant, title: subject(variant) })),
  ];
  return (
    <>
      <DataTable
        label={`${comparison.trial} beside its controls`}
        columns={COMPARED_COLUMNS}
        rows={rows}
        keyOf={({ title }) => title}
      />
      <ul class="claims">
        {comparison.variants.map(({ claim }) => (
          <li key={claim}>{claim}</li>
        ))}
      </ul>
      <Note>
        <a href={trialHref(known, comparison.trial)}>{comparison.trial}</a>. Mean ± standard
        deviation; differences are paired by seed, intervals are bootstrap intervals of their mean.
      </Note>
    </>
  );
}
