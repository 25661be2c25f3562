// A chart by uPlot: made anew when its options change, and given new numbers otherwise.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useWidth } from './size.ts';
import { themeColor, useTheme } from './theme.ts';

export type PlotOptions = Omit<uPlot.Options, 'width' | 'height' | 'axes'> & {
  readonly x: AxisWords;
  readonly y: AxisWords;
};

export interface AxisWords {
  readonly title: string;
  readonly text: (value: number) => string;
}

interface PlotProps {
  /** What a screen reader says of it. */
  readonly label: string;
  readonly height: number;
  readonly options: () => PlotOptions;
  readonly data: uPlot.AlignedData;
  /** Where the options change. */
  readonly deps: readonly unknown[];
  readonly children?: ComponentChildren;
}

export function Plot({ label, height, options, data, deps, children }: PlotProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = useTheme();
  useEffect(() => {
    const element = ref.current;
    if (element === null || width === 0) return undefined;
    const { x, y, ...rest } = options();
    plot.current = new uPlot({ ...rest, width, height, axes: axesOf(x, y) }, data, element);
    return () => plot.current?.destroy();
  }, [width > 0, theme, ...deps]);
  useEffect(() => plot.current?.setData(data), [data]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);
  return (
    <div class="plot" role="img" aria-label={label} ref={ref}>
      {children}
    </div>
  );
}

const FONT = '12px system-ui, "Segoe UI", Roboto, sans-serif';

function axesOf(x: AxisWords, y: AxisWords): uPlot.Axis[] {
  const look = { font: FONT, labelFont: FONT, stroke: themeColor('muted') };
  const grid = { stroke: themeColor('grid'), width: 1 };
  const texts = (words: AxisWords) => (_: uPlot, values: number[]) => values.map(words.text);
  return [
    {
      ...look,
      grid: { show: false },
      ticks: grid,
      size: 28,
      label: x.title,
      labelSize: 18,
      values: texts(x),
    },
    {
      ...look,
      grid,
      ticks: { show: false },
      size: 62,
      label: y.title,
      labelSize: 18,
      values: texts(y),
    },
  ];
}
