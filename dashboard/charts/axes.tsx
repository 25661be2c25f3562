// Axes of charts that are drawn as SVG, and the scales from values to pixels.
import { type Axis, tenth } from '../../cli/drawing/index.ts';

export interface Area {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** What lies outside is drawn at the edge. */
export function scalesOf(x: Axis, y: Axis, area: Area): Scales {
  const share = ({ from, to }: Axis, value: number) =>
    Math.min(1, Math.max(0, (value - from) / (to - from)));
  const { width, height, left, right, top, bottom } = area;
  return {
    x: (value) => tenth(left + share(x, value) * (width - left - right)),
    y: (value) => tenth(height - bottom - share(y, value) * (height - top - bottom)),
  };
}

interface AxesProps {
  readonly x: Axis;
  readonly y: Axis;
  readonly scales: Scales;
  readonly area: Area;
}

export const Axes = (props: AxesProps) => (
  <g class="axes" aria-hidden="true">
    <Across {...props} />
    <Up {...props} />
  </g>
);

/** Fewer ticks where there is little room. */
const thinned = (ticks: readonly number[], room: number): readonly number[] => {
  const step = Math.ceil(ticks.length / Math.max(1, Math.floor(room)));
  return ticks.filter((_, k) => k % step === 0);
};

function Across({ x, scales, area: { width, height, left, right, bottom } }: AxesProps) {
  const floor = height - bottom;
  return (
    <>
      {thinned(x.ticks, (width - left - right) / 64).map((value) => (
        <text key={value} x={scales.x(value)} y={floor + 17} text-anchor="middle">
          {x.text(value)}
        </text>
      ))}
      <line class="axis" x1={left} x2={width - right} y1={floor} y2={floor} />
      <text class="axis-title" x={width - right} y={height - 4} text-anchor="end">
        {x.title}
      </text>
    </>
  );
}

function Up({ y, scales, area: { width, left, right, top } }: AxesProps) {
  return (
    <>
      {y.ticks.map((value) => (
        <g key={value}>
          <line
            class="grid"
            x1={left}
            x2={width - right}
            y1={scales.y(value)}
            y2={scales.y(value)}
          />
          <text x={left - 7} y={scales.y(value) + 4} text-anchor="end">
            {y.text(value)}
          </text>
        </g>
      ))}
      <text class="axis-title" x={4} y={top - 15}>
        {y.title}
      </text>
    </>
  );
}
