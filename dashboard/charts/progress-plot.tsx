// Scores of trials and the best so far, over trials, hours or device hours.
import { useMemo, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { shortNumber } from '../../cli/drawing/index.ts';
import { formatMetric } from '../../cli/quantities/index.ts';
import type { TrialRow } from '../api.ts';
import type { Objectives, Progress, ProgressAxis } from '../figures/index.ts';
import { Plot, type PlotOptions } from './plot.tsx';
import { stepped } from './stepped.ts';
import { themeColor } from './theme.ts';
import { type Pointed, Tip } from './tip.tsx';

interface ProgressPlotProps {
  readonly progress: Progress;
  readonly axis: ProgressAxis;
  readonly objectives: Objectives;
  readonly fits: (row: TrialRow) => boolean;
  readonly onOpen: (row: TrialRow) => void;
}

const TITLES: Readonly<Record<ProgressAxis, string>> = {
  trials: 'trials, in order of their end',
  hours: 'hours since the first start',
  device: 'device hours',
};

export function ProgressPlot(props: ProgressPlotProps) {
  const { progress, axis, objectives, fits, onOpen } = props;
  const [pointed, setPointed] = useState<Pointed & { row: TrialRow; width: number }>();
  const metric = objectives[0]?.metric ?? 'accuracy';
  const data = useMemo(() => {
    const fit = progress.rows.map(fits);
    const only = (wanted: boolean) =>
      progress.score.map((score, k) => (fit[k] === wanted ? score : null));
    return [[...progress.x], only(false), only(true), [...progress.best]] as uPlot.AlignedData;
  }, [progress, fits]);
  const point = (plot: uPlot) => {
    const { idx, left = 0 } = plot.cursor;
    const row = progress.rows[idx ?? -1];
    const score = row?.objectives?.[0];
    if (row === undefined || score === undefined || left < 0) return setPointed(undefined);
    const content = `#${row.index} ${formatMetric(metric, score)}${row.state === 'Trained' ? '' : `, ${row.state}`}`;
    const y = plot.valToPos(score, 'y') + plot.over.offsetTop;
    return setPointed({ row, x: left + plot.over.offsetLeft, y, width: plot.width, content });
  };
  const best = progress.best.at(-1);
  const label = `Best ${metric} so far over ${TITLES[axis]}: ${best == null ? 'none yet' : formatMetric(metric, best)} after ${progress.x.length} trials`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the list of trials opens each by keyboard
    <div class="figure" onClick={() => pointed && onOpen(pointed.row)}>
      <Plot
        label={label}
        height={270}
        data={data}
        options={() => optionsOf(axis, metric, point)}
        deps={[axis, metric, progress]}
      >
        <Tip at={pointed} width={pointed?.width ?? 0} />
      </Plot>
    </div>
  );
}

/** Ticks between two trials say nothing. */
const wholeText = (value: number): string => (Number.isInteger(value) ? String(value) : '');
const roundedText = (value: number): string => String(Math.round(value * 100) / 100);

function optionsOf(
  axis: ProgressAxis,
  metric: Objectives[number]['metric'],
  point: (plot: uPlot) => void,
): PlotOptions {
  const dots = (stroke: string, size: number): uPlot.Series => ({
    paths: () => null,
    points: { show: true, size, width: 0, fill: stroke, stroke },
  });
  const stairs = {
    stroke: themeColor('accent'),
    width: 2,
    points: { show: false },
    paths: stepped,
  };
  return {
    x: { title: TITLES[axis], text: axis === 'trials' ? wholeText : roundedText },
    y: { title: metric, text: (value) => shortNumber(formatMetric(metric, value)) },
    legend: { show: false },
    scales: { x: { time: false } },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false } },
    series: [{}, dots(themeColor('line'), 4), dots(themeColor('muted'), 5), stairs],
    hooks: { setCursor: [point] },
  };
}
