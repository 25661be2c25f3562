// The final networks beside their controls.
import { formatPoints, formatSpread } from '../../../../cli/quantities/index.ts';
import type { Comparison } from '../../../api.ts';
import { Card, DataTable, Note, type TableColumn } from '../../../parts/index.ts';
import type { Known } from '../known.ts';
import { trialHref } from '../opened.ts';

type Variant = Comparison['variants'][number];
type Row = Pick<
  Comparison,
  'trained' | 'diverged' | 'failed' | 'unfinished' | 'mean' | 'standardDeviation'
> &
  Pick<Variant, 'difference'> & { readonly title: string };

const COLUMNS: readonly TableColumn<Row>[] = [
  { title: 'rules', of: ({ title }) => title },
  { title: 'trainings', number: true, of: trainings },
  {
    title: 'test accuracy',
    number: true,
    of: ({ mean, standardDeviation }) =>
      mean === undefined ? '' : formatSpread(mean, standardDeviation),
  },
  {
    title: 'network − control [points]',
    number: true,
    of: ({ difference }) => (difference === undefined ? '' : formatPoints(difference.mean)),
  },
  { title: '95 % interval', number: true, of: interval },
  { title: 'pairs', number: true, of: ({ difference }) => difference?.seeds ?? '' },
];

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
  const rows: Row[] = [
    { ...comparison, title: 'as found' },
    ...comparison.variants.map((variant) => ({ ...variant, title: titleOf(variant) })),
  ];
  return (
    <>
      <DataTable
        label={`${comparison.trial} beside its controls`}
        columns={COLUMNS}
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

const titleOf = ({ kind, name, draws }: Variant): string =>
  kind === 'rule' ? `${name} throughout` : draws > 1 ? `${draws} × ${name}` : name;

function trainings({ trained, diverged, failed, unfinished }: Row): string {
  const others = [
    [diverged, 'diverged'],
    [failed, 'failed'],
    [unfinished, 'open'],
  ] as const;
  return [String(trained), ...others.flatMap(([n, word]) => (n > 0 ? [`${n} ${word}`] : []))].join(
    ', ',
  );
}

function interval({ difference }: Row): string {
  const { low, high } = difference?.interval ?? {};
  return low === undefined || high === undefined
    ? ''
    : `${formatPoints(low)} to ${formatPoints(high)}`;
}
