// A drag along an axis, as shares of its length from the top.
import { useState } from 'preact/hooks';
import type { ParallelLayout } from './layout.ts';

type Range = readonly [from: number, to: number];

/** Less is a click, which takes the brush away [share]. */
const LEAST = 0.01;

export function useDrag(
  { top, bottom, height }: ParallelLayout,
  onEnd: (from: number, to: number) => void,
) {
  const [range, setRange] = useState<Range>();
  const [start, setStart] = useState(0);
  const shareOf = ({ offsetY }: PointerEvent) =>
    Math.min(1, Math.max(0, (offsetY - top) / (height - top - bottom)));
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      setStart(shareOf(event));
      setRange([shareOf(event), shareOf(event)]);
    },
    onPointerMove: (event: PointerEvent) => {
      if (range === undefined) return;
      const here = shareOf(event);
      setRange([Math.min(start, here), Math.max(start, here)]);
    },
    onPointerUp: () => {
      setRange(undefined);
      if (range === undefined) return;
      if (range[1] - range[0] < LEAST) onEnd(2, -1);
      else onEnd(range[0], range[1]);
    },
  };
  return { range, handlers };
}
