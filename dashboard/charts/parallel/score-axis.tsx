// The score at the right end of parallel coordinates; a drag along it chooses a range.
import { AxisFrame } from './axis-frame.tsx';
import type { ParallelLayout } from './layout.ts';

interface ScoreAxisProps {
  readonly at: number;
  readonly layout: ParallelLayout;
  /** From and to; undefined: all. */
  readonly onRange: (range: readonly [number, number] | undefined) => void;
}

export function ScoreAxis({ at, layout, onRange }: ScoreAxisProps) {
  const { x, y, score, scoreAt } = layout;
  const drag = (from: number, to: number) => {
    const [a, b] = [valueAt(layout, from), valueAt(layout, to)];
    onRange(from > to ? undefined : [Math.min(a, b), Math.max(a, b)]);
  };
  return (
    <g class="axes" aria-hidden="true">
      <AxisFrame title={score.title} at={at} layout={layout} reach={24} onDrag={drag} />
      {score.ticks.map((value) => (
        <text key={value} class="tick" x={x(at) + 8} y={y(scoreAt(value)) + 4}>
          {score.text(value)}
        </text>
      ))}
    </g>
  );
}

/** The score at a share of the axis from its top: the other way around of `scoreAt`. */
function valueAt({ score, scoreAt }: ParallelLayout, share: number): number {
  const fromTop = scoreAt(score.from) === 0 ? share : 1 - share;
  return score.from + fromTop * (score.to - score.from);
}
