// What the list says of a trial, in one line.
import {
  formatCount,
  formatDuration,
  formatMetric,
  formatPercent,
} from '../../../../cli/quantities/index.ts';
import type { SearchRow, TrialRow } from '../../../api.ts';
import { stageOf } from '../../../filter/index.ts';
import { Phase, type TableColumn } from '../../../parts/index.ts';

export interface GridColumn extends TableColumn<TrialRow> {
  /** As CSS says it: flex. */
  readonly width: string;
}

const count = (value: number | undefined): string =>
  value === undefined ? '' : formatCount(value);
const share = (value: number | undefined): string =>
  value === undefined ? '' : formatPercent(value);

const ofObjectives = (objectives: SearchRow['objectives']): GridColumn[] =>
  objectives.map(({ metric }, k) => ({
    title: metric,
    number: true,
    wide: k > 0,
    width: '0 0 6.4em',
    by: (row) => row.objectives?.[k] ?? soFar(row, metric),
    of: (row) => {
      const value = row.objectives?.[k] ?? soFar(row, metric);
      return value === undefined ? '' : formatMetric(metric, value);
    },
  }));

/** What was measured at its last rung, of a trial that goes on. */
const soFar = ({ state, ...row }: TrialRow, metric: string): number | undefined =>
  state === 'Paused' || state === 'Running'
    ? { accuracy: row.accuracy, parameters: row.parameters, macs: row.macs }[metric]
    : undefined;

const SHARED: readonly GridColumn[] = [
  {
    title: 'accuracy',
    number: true,
    width: '0 0 6.5em',
    by: ({ accuracy }) => accuracy,
    of: ({ accuracy }) => share(accuracy),
  },
  {
    title: 'test',
    number: true,
    wide: true,
    width: '0 0 6em',
    by: ({ testAccuracy }) => testAccuracy,
    of: ({ testAccuracy }) => share(testAccuracy),
  },
  {
    title: 'parameters',
    number: true,
    wide: true,
    width: '0 0 6.8em',
    by: ({ parameters }) => parameters,
    of: ({ parameters }) => count(parameters),
  },
  {
    title: 'macs',
    number: true,
    wide: true,
    width: '0 0 5.5em',
    by: ({ macs }) => macs,
    of: ({ macs }) => count(macs),
  },
];

/** Each metric once. */
export function columnsOf(objectives: SearchRow['objectives']): GridColumn[] {
  const named = new Set<string>(objectives.map(({ metric }) => metric));
  return [
    {
      title: 'trial',
      number: true,
      width: '0 0 3.6em',
      by: ({ index }) => index,
      of: ({ index }) => `#${index}`,
    },
    {
      title: 'state',
      width: '0 0 6.5em',
      by: ({ state }) => state,
      of: ({ state }) => <Phase phase={state} />,
    },
    ...ofObjectives(objectives),
    ...SHARED.filter(({ title }) => !named.has(title)),
    {
      title: 'epochs',
      number: true,
      wide: true,
      width: '0 0 4.5em',
      by: ({ epochs }) => epochs,
      of: ({ epochs }) => epochs,
    },
    {
      title: 'time',
      number: true,
      width: '0 0 4.6em',
      by: ({ deviceSeconds }) => deviceSeconds,
      of: ({ deviceSeconds }) => formatDuration(deviceSeconds),
    },
    { title: 'origin', wide: true, width: '1 1 8em', by: originOf, of: originOf },
  ];
}

/** Where it comes from, or why it ended. */
function originOf(row: TrialRow): string {
  const { parent, variation, reason, state, control } = row;
  if (state === 'Failed' && reason !== undefined) return reason;
  const stage = stageOf(row);
  const from = parent === undefined ? '' : `#${parent} `;
  return stage === 'search' ? `${from}${variation ?? ''}` : `${from}${control ?? 'trained anew'}`;
}
