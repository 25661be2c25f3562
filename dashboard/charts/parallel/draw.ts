// The strands on their canvas: what does not fit the filter faint below, what fits on top, by score.
import type { TrialRow } from '../../api.ts';
import type { Strands } from '../../figures/index.ts';
import { RAMP, rampColor, themeColor } from '../theme.ts';
import { type ParallelLayout, trace } from './layout.ts';

/** Beyond, what does not fit is not drawn at all. */
const FAINT = 1500;

export function drawStrands(
  context: CanvasRenderingContext2D,
  { strands }: Strands,
  layout: ParallelLayout,
  fits: (row: TrialRow) => boolean,
): void {
  context.clearRect(0, 0, layout.width, layout.height);
  const others = strands.filter(({ row }) => !fits(row));
  if (others.length > 0 && others.length <= FAINT) {
    const path = new Path2D();
    for (const strand of others) trace(path, strand, layout);
    context.strokeStyle = themeColor('grid');
    context.lineWidth = 1;
    context.stroke(path);
  }
  const fitting = strands.filter(({ row }) => fits(row));
  // One path a colour: thousands of strokes are slow, a few long ones are not.
  const paths = Array.from({ length: RAMP }, () => new Path2D());
  for (const strand of fitting) {
    const path = paths[Math.min(RAMP - 1, Math.floor(strand.rank * RAMP))];
    if (path !== undefined) trace(path, strand, layout);
  }
  context.globalAlpha = fitting.length > 800 ? 0.55 : 0.8;
  // Few can be thick.
  const width = fitting.length < 60 ? 1.8 : 1;
  for (const [step, path] of paths.entries()) {
    context.strokeStyle = rampColor(step);
    context.lineWidth = step === RAMP - 1 ? 1.4 * width : width;
    context.stroke(path);
  }
  context.globalAlpha = 1;
}
