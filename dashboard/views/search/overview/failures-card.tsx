// Trials that gave no score, by why.
import { useMemo } from 'preact/hooks';
import { formatDuration } from '../../../../cli/quantities/index.ts';
import { type Failure, failuresOf } from '../../../figures/index.ts';
import { Card, DataTable, Phase, type TableColumn } from '../../../parts/index.ts';
import { hrefOf } from '../../../route/index.ts';
import type { Known } from '../known.ts';
import { trialHref } from '../opened.ts';

/** Where the state is the reason. */
const WHY: Partial<Record<Failure['state'], string>> = {
  Infeasible: 'outside of the constraints',
  Diverged: 'its loss left the finite numbers',
};

const columnsOf = (known: Known): readonly TableColumn<Failure>[] => [
  { title: 'state', of: ({ state }) => <Phase phase={state} /> },
  {
    title: 'reason',
    of: ({ state, reason }) => (
      <Filtered
        known={known}
        filter={`state:${state}${reason === '' ? '' : ` reason=${reason}`}`}
        text={reason || WHY[state] || 'none told'}
      />
    ),
  },
  { title: 'trials', number: true, of: ({ trials }) => trials },
  { title: 'device time', number: true, of: ({ deviceSeconds }) => formatDuration(deviceSeconds) },
  { title: 'latest', of: ({ example }) => <a href={trialHref(known, example)}>{example}</a> },
];

/** Those trials, in the list. */
const Filtered = ({
  known: { namespace, name },
  filter,
  text,
}: {
  known: Known;
  filter: string;
  text: string;
}) => <a href={hrefOf({ view: 'search', tab: 'trials', namespace, name }, { filter })}>{text}</a>;

export function FailuresCard({ known }: { known: Known }) {
  const failures = useMemo(() => failuresOf(known.rows), [known.rows]);
  if (failures.length === 0) return null;
  return (
    <Card title="Trials without a score">
      {() => (
        <DataTable
          label="Trials without a score, by reason"
          columns={columnsOf(known)}
          rows={failures}
          keyOf={({ state, reason }) => `${state} ${reason}`}
        />
      )}
    </Card>
  );
}
