// All trials by when they were proposed and what they scored, each joined to its parent; the line of one stands out.
import { useMemo, useState } from 'preact/hooks';
import { type Axis, placeAxis, shortNumber, valueAxis } from '../../../cli/drawing/index.ts';
import { formatMetric } from '../../../cli/quantities/index.ts';
import type { TrialRow } from '../../api.ts';
import {
  ancestryOf,
  descendantsOf,
  type Family,
  isScored,
  nearest,
  type Objectives,
  parentOf,
  type Spot,
} from '../../figures/index.ts';
import { type Area, Axes, scalesOf } from '../axes.tsx';
import { Canvas } from '../canvas.tsx';
import { useWidth } from '../size.ts';
import { themeColor } from '../theme.ts';
import { type Pointed, Tip } from '../tip.tsx';

interface FamilyPlotProps {
  readonly rows: readonly TrialRow[];
  readonly family: Family;
  readonly selected: TrialRow;
  readonly objectives: Objectives;
  readonly onSelect: (row: TrialRow) => void;
}

const HEIGHT = 320;
const REACH = 12;

export function FamilyPlot(props: FamilyPlotProps) {
  const { rows, family, selected, objectives, onSelect } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Pointed & { row: TrialRow }>();
  const plot = useMemo(() => layoutOf(rows, objectives, width), [rows, objectives, width]);
  const lines = useMemo(() => linesOf(selected, family), [selected, family]);
  const move = ({ offsetX: x, offsetY: y }: PointerEvent) => {
    const row = nearest(plot.spots, x, y, REACH);
    setPointed(row && { row, x, y, content: <Told row={row} objectives={objectives} /> });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the tree below is in reach of the keyboard
    <div
      class={pointed ? 'figure layers pointed' : 'figure layers'}
      ref={ref}
      style={{ height: `${HEIGHT}px` }}
      onPointerMove={move}
      onPointerLeave={() => setPointed(undefined)}
      onClick={() => pointed && onSelect(pointed.row)}
    >
      <Canvas
        width={width}
        height={HEIGHT}
        draw={(context) => draw(context, plot, family, lines)}
        deps={[plot, family, lines]}
      />
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Trials by parent; the line of #${selected.index} has ${lines.above.length} trials and ${lines.below.length} descendants`}
      >
        <Axes {...plot} />
      </svg>
      <Tip at={pointed} width={width} />
    </div>
  );
}

const Told = ({ row, objectives }: { row: TrialRow; objectives: Objectives }) => (
  <>
    <b>#{row.index}</b> {row.parent === undefined ? '' : `from #${row.parent}`}
    <div>{row.variation}</div>
    <div>
      {objectives[0]?.metric}{' '}
      {formatMetric(objectives[0]?.metric ?? 'accuracy', row.objectives?.[0] ?? 0)}
    </div>
  </>
);

interface Lines {
  readonly above: readonly TrialRow[];
  readonly below: readonly TrialRow[];
}

const linesOf = (row: TrialRow, family: Family): Lines => ({
  above: ancestryOf(row, family),
  below: descendantsOf(row, family),
});

interface Layout {
  readonly area: Area;
  readonly x: Axis;
  readonly y: Axis;
  readonly scales: ReturnType<typeof scalesOf>;
  readonly spots: readonly Spot[];
  readonly byIndex: ReadonlyMap<number, Spot>;
}

function layoutOf(rows: readonly TrialRow[], objectives: Objectives, width: number): Layout {
  const area = { width, height: HEIGHT, left: 64, right: 14, top: 30, bottom: 40 };
  const scored = rows.filter(isScored);
  const metric = objectives[0]?.metric ?? 'accuracy';
  const text = (value: number) => shortNumber(formatMetric(metric, value));
  const y = valueAxis(
    scored.map(({ objectives: values }) => values?.[0] ?? 0),
    { title: metric, text },
  );
  const x = placeAxis(
    0,
    Math.max(1, ...scored.map(({ index }) => index)),
    'trials, in order of proposal',
  );
  const scales = scalesOf(x, y, area);
  const spots = scored.map((row) => ({
    row,
    x: scales.x(row.index),
    y: scales.y(row.objectives?.[0] ?? 0),
  }));
  return {
    area,
    x,
    y,
    scales,
    spots,
    byIndex: new Map(spots.map((spot) => [spot.row.index, spot])),
  };
}

function draw(
  context: CanvasRenderingContext2D,
  layout: Layout,
  family: Family,
  lines: Lines,
): void {
  const { spots, byIndex } = layout;
  const join = (rows: readonly TrialRow[], color: string, width: number) => {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    for (const row of rows) {
      const [to, from] = [
        byIndex.get(row.index),
        byIndex.get(parentOf(row, family.byIndex)?.index ?? -1),
      ];
      if (to === undefined || from === undefined) continue;
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.stroke();
  };
  const dots = (rows: readonly TrialRow[], color: string, radius: number) => {
    context.fillStyle = color;
    for (const row of rows) {
      const spot = byIndex.get(row.index);
      if (spot === undefined) continue;
      context.beginPath();
      context.arc(spot.x, spot.y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  };
  const all = spots.map(({ row }) => row);
  join(all, themeColor('grid'), 1);
  context.globalAlpha = 0.55;
  dots(all, themeColor('muted'), 2.2);
  context.globalAlpha = 1;
  join(lines.below, themeColor('muted'), 1);
  dots(lines.below, themeColor('muted'), 2.6);
  join(lines.above, themeColor('accent'), 2.2);
  dots(lines.above, themeColor('accent'), 4);
}
