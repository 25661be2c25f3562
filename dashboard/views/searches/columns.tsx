// What the list says of a search.
import { formatDuration, formatObjectives } from '../../../cli/quantities/index.ts';
import type { SearchRow } from '../../api.ts';
import { endedOf, gpuShare, spentShare } from '../../figures/index.ts';
import { Meter, Phase, type TableColumn } from '../../parts/index.ts';
import { hrefOf } from '../../route/index.ts';

const directed = ({ best, objectives }: SearchRow): number | undefined =>
  best?.[0] === undefined ? undefined : objectives[0]?.goal === 'minimize' ? -best[0] : best[0];

export const COLUMNS: readonly TableColumn<SearchRow>[] = [
  {
    title: 'search',
    by: ({ namespace, name }) => `${namespace}/${name}`,
    of: ({ namespace, name }) => (
      <a href={hrefOf({ view: 'search', tab: 'overview', namespace, name })}>
        <small>{namespace}/</small>
        {name}
      </a>
    ),
  },
  { title: 'phase', by: ({ phase }) => phase, of: ({ phase }) => <Phase phase={phase} /> },
  {
    title: 'progress',
    by: ({ trials, budget }) => spentShare(trials, budget),
    of: ({ trials, budget }) => (
      <Meter
        share={spentShare(trials, budget)}
        text={`${endedOf(trials)}/${budget.trials || trials.proposed}`}
      />
    ),
  },
  {
    title: 'best',
    number: true,
    by: directed,
    of: ({ objectives, best = [] }) => formatObjectives(objectives, best),
  },
  {
    title: 'algorithm',
    wide: true,
    by: ({ algorithm }) => algorithm,
    of: ({ algorithm }) => algorithm,
  },
  {
    title: 'running',
    number: true,
    wide: true,
    by: ({ trials }) => trials.running,
    of: ({ trials }) => trials.running,
  },
  {
    title: 'failed',
    number: true,
    wide: true,
    by: ({ trials }) => trials.failed,
    of: ({ trials }) => trials.failed,
  },
  {
    title: 'device time',
    number: true,
    wide: true,
    by: ({ budget }) => budget.deviceSeconds,
    of: ({ budget }) => deviceText(budget),
  },
  {
    title: 'time left',
    number: true,
    by: ({ budget }) => budget.secondsLeft,
    of: ({ budget: { secondsLeft } }) =>
      secondsLeft === undefined ? '' : `≈ ${formatDuration(secondsLeft)}`,
  },
  {
    title: 'began',
    wide: true,
    by: ({ startTime }) => startTime,
    of: ({ startTime }) => startTime?.slice(0, 16).replace('T', ' ') ?? '',
  },
];

export function deviceText(budget: SearchRow['budget']): string {
  const share = gpuShare(budget);
  const spent = formatDuration(budget.deviceSeconds);
  return share === undefined ? spent : `${spent} of ${budget.gpuHours}h`;
}
