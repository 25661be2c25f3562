// Where the axes of parallel coordinates stand, in pixels: places at equal steps, the score at the right end. Pure.
import { type Axis, shortNumber, tenth, valueAxis } from '../../../cli/drawing/index.ts';
import { formatMetric } from '../../../cli/quantities/index.ts';
import type { Objectives, Strand, Strands } from '../../figures/index.ts';

export interface ParallelLayout {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (axis: number) => number;
  /** From the share of an axis from its top. */
  readonly y: (share: number) => number;
  readonly score: Axis;
  /** Share of the score's axis from its top. */
  readonly scoreAt: (score: number) => number;
}

const SIDE = { left: 16, right: 64 } as const;
/** Between two axes at least, so that the values' names have room. */
const STEP = 118;

const HEIGHT = 440;
/** Of a value's name at least: where there are many, the axes are longer. */
const BAND = 17;

export function parallelLayout(
  { axes, strands }: Strands,
  objectives: Objectives,
  room: number,
): ParallelLayout {
  const width = Math.max(room, SIDE.left + SIDE.right + axes.length * STEP);
  const { top, bottom } = { top: 34, bottom: 12 };
  const most = Math.max(0, ...axes.map(({ values }) => values.length));
  const height = Math.max(HEIGHT, top + bottom + most * BAND);
  const metric = objectives[0]?.metric ?? 'accuracy';
  const text = (value: number) => shortNumber(formatMetric(metric, value));
  const score = valueAxis(
    strands.map((strand) => strand.score),
    { title: metric, text },
  );
  const step = (width - SIDE.left - SIDE.right) / Math.max(1, axes.length);
  const up = objectives[0]?.goal === 'minimize' ? 0 : 1;
  return {
    width,
    height,
    top,
    bottom,
    x: (axis) => tenth(SIDE.left + axis * step),
    y: (share) => tenth(top + share * (height - top - bottom)),
    score,
    // The better end is at the top.
    scoreAt: (value) => Math.abs(up - (value - score.from) / (score.to - score.from)),
  };
}

/** Draws a strand into a path. */
export function trace(path: Path2D, strand: Strand, layout: ParallelLayout): void {
  const ends = [...strand.at, layout.scoreAt(strand.score)];
  let [x0, y0] = [layout.x(0), layout.y(ends[0] ?? 0)];
  path.moveTo(x0, y0);
  for (let k = 1; k < ends.length; k++) {
    const [x, y] = [layout.x(k), layout.y(ends[k] ?? 0)];
    const bend = (x - x0) * 0.4;
    path.bezierCurveTo(x0 + bend, y0, x - bend, y, x, y);
    [x0, y0] = [x, y];
  }
}
