// A few named lines over epochs, told apart by colour and by the words below.
import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { seriesColor, shortNumber } from '../../cli/drawing/index.ts';
import { Plot, type PlotOptions } from './plot.tsx';
import { isDark, lightened } from './theme.ts';

export interface Line {
  readonly name: string;
  readonly color: string;
  /** One an epoch. */
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
}

interface LinesPlotProps {
  readonly title: string;
  readonly text: (value: number) => string;
  readonly lines: readonly Line[];
  /** Powers of ten along y. */
  readonly logarithmic?: boolean;
  readonly height?: number;
}

export const lineColor = seriesColor;

export function LinesPlot({
  title,
  text,
  lines,
  logarithmic = false,
  height = 220,
}: LinesPlotProps) {
  const data = useMemo(() => {
    const epochs = Math.max(0, ...lines.map(({ values }) => values.length));
    const x = Array.from({ length: epochs }, (_, k) => k + 1);
    return [
      x,
      ...lines.map(({ values }) => x.map((_, k) => values[k] ?? null)),
    ] as uPlot.AlignedData;
  }, [lines]);
  const last = lines.map(({ name, values }) => `${name} ${text(values.at(-1) ?? 0)}`).join(', ');
  return (
    <>
      <Plot
        label={`${title} by epoch; at the end: ${last}`}
        height={height}
        data={data}
        options={() => optionsOf({ title, text, lines, logarithmic })}
        deps={[
          title,
          logarithmic,
          lines.map(({ name, color, values }) => name + color + isLone(values)).join(),
        ]}
      />
      <ul class="keys">
        {lines.map(({ name, color, dashed }) => (
          <li key={name}>
            <i
              aria-hidden="true"
              class={dashed ? 'stroke dashed' : 'stroke'}
              style={{ borderColor: `light-dark(${color}, ${lightened(color)})` }}
            />
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

/** One value makes no line. */
const isLone = (values: Line['values']): boolean =>
  values.filter((value) => value !== null).length === 1;

function optionsOf({
  title,
  text,
  lines,
  logarithmic,
}: Required<Omit<LinesPlotProps, 'height'>>): PlotOptions {
  const shown = isDark() ? lightened : (color: string) => color;
  return {
    x: { title: 'epoch', text: (value) => (Number.isInteger(value) ? String(value) : '') },
    y: { title, text: (value) => (value === null ? '' : shortNumber(text(value))) },
    legend: { show: false },
    scales: { x: { time: false }, y: logarithmic ? { distr: 3 } : {} },
    cursor: { y: false },
    series: [
      {},
      ...lines.map(
        ({ color, dashed, values }): uPlot.Series => ({
          stroke: shown(color),
          width: 2,
          ...(dashed ? { dash: [6, 4] } : {}),
          points: { show: isLone(values), size: 5, fill: shown(color) },
        }),
      ),
    ],
  };
}
