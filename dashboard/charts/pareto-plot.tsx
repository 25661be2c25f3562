// Two objectives against one another: every trial, and the front that none beats. What is pointed at is told; a click opens it.
import { useMemo, useState } from 'preact/hooks';
import { type Axis, shortNumber, valueAxis } from '../../cli/drawing/index.ts';
import { formatMetric } from '../../cli/quantities/index.ts';
import type { TrialRow } from '../api.ts';
import {
  directionsOf,
  isScored,
  nearest,
  type Objectives,
  type Spot,
  stairsOf,
} from '../figures/index.ts';
import { type Area, Axes, type Scales, scalesOf } from './axes.tsx';
import { Canvas } from './canvas.tsx';
import { useWidth } from './size.ts';
import { themeColor } from './theme.ts';
import { type Pointed, Tip } from './tip.tsx';

interface ParetoPlotProps {
  readonly rows: readonly TrialRow[];
  readonly front: readonly TrialRow[];
  readonly objectives: Objectives;
  /** Which two: x, y. */
  readonly pair: readonly [number, number];
  readonly onOpen: (row: TrialRow) => void;
}

const HEIGHT = 300;
/** Pixels around a dot that are the dot's. */
const REACH = 12;

export function ParetoPlot(props: ParetoPlotProps) {
  const { rows, front, objectives, pair, onOpen } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Pointed & { row: TrialRow }>();
  const plot = useMemo(() => layoutOf(props, width), [rows, front, pair[0], pair[1], width]);
  const move = ({ offsetX, offsetY }: PointerEvent) => {
    const row = nearest(plot.spots, offsetX, offsetY, REACH);
    const content = row && describe(row, objectives, front.includes(row));
    setPointed(row && { row, x: offsetX, y: offsetY, content });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the list of trials opens each by keyboard
    <div
      class={pointed ? 'figure layers pointed' : 'figure layers'}
      ref={ref}
      onPointerMove={move}
      onPointerLeave={() => setPointed(undefined)}
      onClick={() => pointed && onOpen(pointed.row)}
      style={{ height: `${HEIGHT}px` }}
    >
      <Canvas
        width={width}
        height={HEIGHT}
        draw={(context) => drawDots(context, plot)}
        deps={[plot]}
      />
      <svg width={width} height={HEIGHT} role="img" aria-label={labelOf(props)}>
        <Axes {...plot} />
        <path class="front" d={plot.stairs} />
      </svg>
      <Tip at={pointed} width={width} />
    </div>
  );
}

interface Layout {
  readonly area: Area;
  readonly x: Axis;
  readonly y: Axis;
  readonly scales: Scales;
  readonly spots: readonly Spot[];
  readonly isFront: ReadonlySet<TrialRow>;
  /** Along the front. */
  readonly stairs: string;
}

function layoutOf({ rows, front, objectives, pair }: ParetoPlotProps, width: number): Layout {
  const area = { width, height: HEIGHT, left: 64, right: 22, top: 30, bottom: 40 };
  const scored = rows.filter(isScored);
  const axis = (k: number): Axis => {
    const metric = objectives[k]?.metric ?? 'accuracy';
    const text = (value: number) => shortNumber(formatMetric(metric, value));
    return valueAxis(
      scored.map(({ objectives: values }) => values?.[k] ?? 0),
      { title: metric, text },
    );
  };
  const [x, y] = [axis(pair[0]), axis(pair[1])];
  const scales = scalesOf(x, y, area);
  const spotOf = (row: TrialRow): Spot | undefined => {
    const [a, b] = [row.objectives?.[pair[0]], row.objectives?.[pair[1]]];
    return a === undefined || b === undefined ? undefined : { row, x: scales.x(a), y: scales.y(b) };
  };
  const right = directionsOf(objectives)[pair[0]] ?? 1;
  // Of three objectives, two do not say what is beaten.
  const corners = objectives.length > 2 ? [] : front.flatMap((row) => spotOf(row) ?? []);
  return {
    area,
    x,
    y,
    scales,
    spots: scored.flatMap((row) => spotOf(row) ?? []),
    isFront: new Set(front),
    stairs: stairsOf(corners, right),
  };
}

function drawDots(context: CanvasRenderingContext2D, { spots, isFront }: Layout): void {
  const dots = (wanted: boolean, radius: number, color: string) => {
    context.fillStyle = color;
    context.beginPath();
    for (const { row, x, y } of spots) {
      if (isFront.has(row) !== wanted) continue;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
  };
  context.globalAlpha = 0.6;
  dots(false, 2.5, themeColor('muted'));
  context.globalAlpha = 1;
  dots(true, 4.5, themeColor('accent'));
}

const describe = (row: TrialRow, objectives: Objectives, isFront: boolean) => (
  <>
    <b>#{row.index}</b>
    {isFront ? ', on the front' : ''}
    {objectives.map(({ metric }, k) => (
      <div key={metric}>
        {metric} {formatMetric(metric, row.objectives?.[k] ?? 0)}
      </div>
    ))}
  </>
);

const labelOf = ({ front, objectives, pair }: ParetoPlotProps): string =>
  `${objectives[pair[1]]?.metric} against ${objectives[pair[0]]?.metric}; ${front.length} trials are beaten by none: ${front
    .slice(0, 5)
    .map(({ index }) => `#${index}`)
    .join(', ')}`;
