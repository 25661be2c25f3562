// Learning curves of many trials: accuracy on held-out pictures by epoch; the best on top.
import { useMemo, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { shortNumber } from '../../cli/drawing/index.ts';
import { formatPercent } from '../../cli/quantities/index.ts';
import type { TrialRow } from '../api.ts';
import type { Curves } from '../figures/index.ts';
import { Plot, type PlotOptions } from './plot.tsx';
import { themeColor } from './theme.ts';

interface CurvesPlotProps {
  readonly curves: Curves;
  readonly onOpen: (row: TrialRow) => void;
}

export function CurvesPlot({ curves, onOpen }: CurvesPlotProps) {
  const [focused, setFocused] = useState<TrialRow>();
  const data = useMemo(
    () => [curves.epochs, ...curves.values].map((list) => [...list]) as uPlot.AlignedData,
    [curves],
  );
  const names = curves.rows.map(({ name }) => name).join();
  const point = (_: uPlot, series: number | null) =>
    setFocused(series === null ? undefined : curves.rows[series - 1]);
  const best = curves.rows.at(-1);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the list of trials opens each by keyboard
    <div class="figure" onClick={() => focused && onOpen(focused)}>
      <Plot
        label={`Learning curves of ${curves.rows.length} trials; the highest ends at ${formatPercent(best?.curve.at(-1) ?? 0)}`}
        height={270}
        data={data}
        options={() => optionsOf(curves.rows, point)}
        deps={[names]}
      />
      <p class="note under">{focused === undefined ? <>&nbsp;</> : describe(focused)}</p>
    </div>
  );
}

const describe = ({ index, curve, state }: TrialRow): string =>
  `#${index}, ${state}: ${formatPercent(curve.at(-1) ?? 0)} after ${curve.length} epochs`;

function optionsOf(
  rows: readonly TrialRow[],
  point: (plot: uPlot, series: number | null) => void,
): PlotOptions {
  const last = rows.length - 1;
  const [plain, best] = [
    `color-mix(in srgb, ${themeColor('muted')} 45%, transparent)`,
    themeColor('accent'),
  ];
  const line = (_: TrialRow, k: number): uPlot.Series => ({
    stroke: k === last ? best : plain,
    width: k === last ? 2.5 : 1,
    points: { show: rows[k]?.curve.length === 1, size: 4, fill: k === last ? best : plain },
  });
  return {
    x: { title: 'epoch', text: (value) => (Number.isInteger(value) ? String(value) : '') },
    y: { title: 'accuracy', text: (value) => shortNumber(formatPercent(value)) },
    legend: { show: false },
    scales: { x: { time: false } },
    focus: { alpha: 0.25 },
    cursor: { y: false, focus: { prox: 24 }, points: { show: false } },
    series: [{}, ...rows.map(line)],
    hooks: { setSeries: [point] },
  };
}
