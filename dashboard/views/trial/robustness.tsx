// What attacks left of a network's accuracy.
import { formatPercent } from '../../../cli/quantities/index.ts';
import { distanceText, maskingSentences } from '../../../cli/result/gradient-masking.ts';
import type { ResultTrial } from '../../api.ts';
import { Card, DataTable, type TableColumn } from '../../parts/index.ts';

type Measured = NonNullable<ResultTrial['robustness']>;
type Attack = Measured['attacks'][number];

const SIGNALS = { rules: "the rules' signal", exact: 'the true gradient' } as const;

const COLUMNS: readonly TableColumn<Attack>[] = [
  { title: 'attack', of: ({ attack }) => attack },
  { title: 'within', of: distanceText },
  { title: 'along', of: ({ signal }) => (signal === undefined ? 'no gradient' : SIGNALS[signal]) },
  { title: 'queries', number: true, wide: true, of: ({ budget }) => budget },
  { title: 'accuracy left', number: true, of: ({ accuracy }) => formatPercent(accuracy) },
];

export const Robustness = ({ robustness }: { robustness: Measured }) => (
  <Card title="Under attack" wide>
    {() => (
      <>
        <p class="lead">
          Of {robustness.pictures} test pictures {formatPercent(robustness.accuracy)} are told right
          before any attack. {maskingSentences(robustness).join(' ')}
        </p>
        <DataTable
          label="Attacks"
          columns={COLUMNS}
          rows={robustness.attacks}
          keyOf={({ attack, norm, bound, budget, signal }) =>
            `${attack} ${norm} ${bound} ${budget} ${signal}`
          }
        />
      </>
    )}
  </Card>
);
