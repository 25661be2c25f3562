// What none beats, where there are several objectives.
import { useMemo } from 'preact/hooks';
import { ParetoPlot } from '../../../charts/index.ts';
import { paretoFront } from '../../../figures/index.ts';
import { Card, Choice, Note } from '../../../parts/index.ts';
import { setQuery } from '../../../route/index.ts';
import type { Known } from '../known.ts';
import { openTrial } from '../opened.ts';

export function ParetoCard({ known }: { known: Known }) {
  const metrics = known.view.objectives.map(({ metric }) => metric).slice(1);
  const chosen = metrics.find((metric) => metric === known.query['against']) ?? metrics[0];
  const aside =
    metrics.length < 2 || chosen === undefined ? undefined : (
      <Choice
        label="Against"
        options={metrics}
        value={chosen}
        onChange={(against) => setQuery({ against })}
      />
    );
  return (
    <Card title="Pareto front" aside={aside} height={300}>
      {() => (
        <Pareto
          known={known}
          against={known.view.objectives.findIndex(({ metric }) => metric === chosen)}
        />
      )}
    </Card>
  );
}

function Pareto({ known, against }: { known: Known; against: number }) {
  const { view, rows } = known;
  const front = useMemo(() => paretoFront(rows, view.objectives), [rows, view.objectives]);
  if (front.length === 0) return <Note>No trial that fits has all objectives.</Note>;
  return (
    <ParetoPlot
      rows={rows}
      front={front}
      objectives={view.objectives}
      pair={[against, 0]}
      onOpen={openTrial(known)}
    />
  );
}
