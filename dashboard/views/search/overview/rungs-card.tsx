// What came to each rung, where a scheduler pauses trials.
import { formatObjectives } from '../../../../cli/quantities/index.ts';
import type { RungSummary, SearchView } from '../../../api.ts';
import { Card, DataTable, Meter, type TableColumn } from '../../../parts/index.ts';

export function RungsCard({ view: { rungs, objectives } }: { view: SearchView }) {
  const columns: readonly TableColumn<RungSummary>[] = [
    { title: 'epochs', number: true, of: ({ epochs }) => epochs },
    { title: 'trials', number: true, of: ({ trials }) => trials },
    {
      title: 'promoted',
      of: ({ trials, promoted }) => (
        <Meter share={promoted / Math.max(1, trials)} text={String(promoted)} />
      ),
    },
    {
      title: `best ${objectives[0]?.metric ?? ''}`,
      number: true,
      of: ({ best }) => (best === undefined ? '' : formatObjectives(objectives, [best])),
    },
  ];
  return (
    <Card title="Rungs">
      {() => (
        <DataTable
          label="Rungs"
          columns={columns}
          rows={rungs}
          keyOf={({ epochs }) => `${epochs}`}
        />
      )}
    </Card>
  );
}
