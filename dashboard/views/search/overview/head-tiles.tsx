// The numbers of a search that matter most.
import { formatDuration, formatObjectives } from '../../../../cli/quantities/index.ts';
import type { SearchView } from '../../../api.ts';
import { endedOf, gpuShare } from '../../../figures/index.ts';
import { Meter, type Tile, Tiles } from '../../../parts/index.ts';

export function HeadTiles({ view }: { view: SearchView }) {
  const { trials, budget, objectives, best, algorithm } = view;
  const gpu = gpuShare(budget);
  const spent = formatDuration(budget.deviceSeconds);
  const tiles: Tile[] = [
    [
      `best ${objectives.map(({ metric }) => metric).join(' / ')}`,
      best === undefined ? '–' : formatObjectives(objectives, best),
    ],
    [
      'trials ended',
      budget.trials > 0 ? (
        <Meter
          share={endedOf(trials) / budget.trials}
          text={`${endedOf(trials)} of ${budget.trials}`}
        />
      ) : (
        endedOf(trials)
      ),
    ],
    ...(trials.running + trials.paused === 0
      ? []
      : [['running, paused', `${trials.running}, ${trials.paused}`] as const]),
    [
      'device time',
      gpu === undefined ? spent : <Meter share={gpu} text={`${spent} of ${budget.gpuHours}h`} />,
    ],
    ...(budget.secondsLeft === undefined
      ? []
      : [['time left, about', formatDuration(budget.secondsLeft)] as const]),
    ['wall clock', clockText(view)],
    ['algorithm', algorithm],
  ];
  return <Tiles tiles={tiles} />;
}

function clockText({ startTime, completionTime, budget: { wallClock } }: SearchView): string {
  if (startTime === undefined) return 'not begun';
  const end = completionTime === undefined ? Date.now() : Date.parse(completionTime);
  const taken = formatDuration((end - Date.parse(startTime)) / 1000);
  return wallClock === undefined ? taken : `${taken} of ${wallClock}`;
}
