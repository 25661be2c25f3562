// The strands, on two canvases: all of them faint below, which is drawn once, and on top those that fit the filter, by score.
import type { TrialRow } from '../../api.ts';
import type { Strands } from '../../figures/index.ts';
import { RAMP, rampColor, themeColor } from '../theme.ts';
import { type ParallelLayout, trace } from './layout.ts';

export function drawFaint(
  context: CanvasRenderingContext2D,
  { strands }: Strands,
  layout: ParallelLayout,
): void {
  const path = new Path2D();
  for (const strand of strands) trace(path, strand, layout);
  context.strokeStyle = themeColor('grid');
  context.lineWidth = 1;
  context.stroke(path);
}

export function drawFitting(
  context: CanvasRenderingContext2D,
  { strands }: Strands,
  layout: ParallelLayout,
  fits: (row: TrialRow) => boolean,
): void {
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
