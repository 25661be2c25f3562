// The best so far.
import { useMemo } from 'preact/hooks';
import { ProgressPlot } from '../../../charts/index.ts';
import { type ProgressAxis, progressOf } from '../../../figures/index.ts';
import { Card, Choice, Note } from '../../../parts/index.ts';
import { setQuery } from '../../../route/index.ts';
import type { Known } from '../known.ts';
import { openTrial } from '../opened.ts';

const AXES = ['trials', 'hours', 'device'] as const;

export function ProgressCard({ known }: { known: Known }) {
  const { query } = known;
  const axis = AXES.find((each) => each === query['over']) ?? 'trials';
  const aside = (
    <Choice label="Over" options={AXES} value={axis} onChange={(over) => setQuery({ over })} />
  );
  return (
    <Card title="Best so far" aside={aside} height={270}>
      {() => <Progress known={known} axis={axis} />}
    </Card>
  );
}

function Progress({ known, axis }: { known: Known; axis: ProgressAxis }) {
  const { view, table, filter } = known;
  const progress = useMemo(
    () => progressOf(table.trials, view.objectives, axis),
    [table, view.objectives, axis],
  );
  if (progress.x.length === 0) return <Note>No trial has a score yet.</Note>;
  return (
    <ProgressPlot
      progress={progress}
      axis={axis}
      objectives={view.objectives}
      fits={filter.fits}
      onOpen={openTrial(known)}
    />
  );
}
