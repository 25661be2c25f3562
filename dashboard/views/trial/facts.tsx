// What is known of a trial, in numbers and a few words.
import {
  formatCount,
  formatDuration,
  formatMetric,
  formatPercent,
} from '../../../cli/quantities/index.ts';
import type { TrialView } from '../../api.ts';
import { Phase, type Tile, Tiles } from '../../parts/index.ts';
import { hrefOf } from '../../route/index.ts';
import type { Known } from '../search/known.ts';

interface FactsProps {
  readonly view: TrialView;
  readonly known: Known;
}

export function Facts({ view, known }: FactsProps) {
  const { trial } = view;
  return (
    <>
      <p class="lead">
        <Phase phase={trial.state} /> {trial.message}
      </p>
      <p class="lead">
        <Origin view={view} known={known} />
      </p>
      <Tiles tiles={[...scores(view, known), ...costs(view, known)]} />
    </>
  );
}

function Origin({ view: { row }, known: { namespace, name, table } }: FactsProps) {
  const parent = table.trials.find(({ index, final }) => index === row.parent && !final);
  const line = hrefOf(
    { view: 'search', tab: 'lineage', namespace, name },
    { trial: String(row.index) },
  );
  return (
    <>
      #{row.index}, {row.control === undefined ? '' : `control ${row.control}, `}
      {row.variation ?? 'no variation told'}
      {parent === undefined ? '' : ' of '}
      {parent === undefined ? undefined : (
        <a href={hrefOf({ view: 'trial', namespace, name, trial: parent.name })}>{parent.name}</a>
      )}{' '}
      · <a href={line}>lineage</a>
      {parent === undefined ? undefined : (
        <>
          {' · '}
          <a href={hrefOf({ view: 'compare', namespace, name, trials: [parent.name, row.name] })}>
            compare with its parent
          </a>
        </>
      )}
    </>
  );
}

function scores({ trial, row }: TrialView, { view }: Known): Tile[] {
  const { testAccuracy, testLoss } = trial.metrics ?? {};
  return [
    ...view.objectives.flatMap(({ metric }, k) => {
      const value = row.objectives?.[k];
      return value === undefined ? [] : [[metric, formatMetric(metric, value)] as const];
    }),
    ...(testAccuracy === undefined
      ? []
      : [['test accuracy', formatPercent(testAccuracy)] as const]),
    ...(testLoss === undefined ? [] : [['test loss', formatMetric('loss', testLoss)] as const]),
  ];
}

function costs({ trial }: TrialView, { view }: Known): Tile[] {
  const { metrics, cost, epochs } = trial;
  const named = new Set<string>(view.objectives.map(({ metric }) => metric));
  const sizes = (['parameters', 'macs'] as const).filter((size) => !named.has(size));
  return [
    ...sizes.map((size): Tile => [size, metrics === undefined ? '–' : formatCount(metrics[size])]),
    ['epochs', epochs.length],
    ['device time', formatDuration(cost.deviceSeconds)],
    ['attempts', cost.attempts],
    ['seed', trial.seed],
  ];
}
