// What every axis of parallel coordinates has: a title, a line, and a stretch along which one drags.
import { useDrag } from './drag.ts';
import type { ParallelLayout } from './layout.ts';

interface AxisFrameProps {
  readonly title: string;
  readonly at: number;
  readonly layout: ParallelLayout;
  /** Half the width in which the pointer is on the axis. */
  readonly reach: number;
  /** Shares of the axis from its top; from > to: none. */
  readonly onDrag: (from: number, to: number) => void;
}

export function AxisFrame({ title, at, layout, reach, onDrag }: AxisFrameProps) {
  const { x, y, top, bottom, height } = layout;
  const { range, handlers } = useDrag(layout, onDrag);
  const [middle, foot] = [x(at), height - bottom];
  return (
    <>
      <text class="place" x={middle} y={14}>
        {title}
      </text>
      <line class="stem" x1={middle} x2={middle} y1={top} y2={foot} />
      {range && (
        <rect
          class="brush"
          x={middle - 6}
          width={12}
          y={y(range[0])}
          height={y(range[1]) - y(range[0])}
        />
      )}
      <rect
        class="reach"
        x={middle - reach}
        width={2 * reach}
        y={top}
        height={foot - top}
        {...handlers}
      />
    </>
  );
}
