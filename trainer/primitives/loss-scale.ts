// The scale of the loss (Micikevicius et al. 2018): what goes back is multiplied by it, so that float16 holds small signals. Gradients
// of layers are linear in the signal that arrives, so all of them are that much too large; what does not come of the signal is
// multiplied too, and training divides once (trainer/training/loss-scaling.ts).
import { clamp, divide, maximum, minimum, multiply, scale, type Value } from '../program/index.ts';
import type { Place } from './layer.ts';

type Scaled = Pick<Place, 'g' | 'lossScale'>;

export const scaledUp = ({ g, lossScale }: Scaled, x: Value): Value =>
  lossScale === undefined ? x : multiply(g, x, lossScale);

export const scaledDown = ({ g, lossScale }: Scaled, x: Value): Value =>
  lossScale === undefined ? x : divide(g, x, lossScale);

/** `x`, which is scaled, held to what is `largest` without the scale. */
export function clampScaled(at: Scaled, x: Value, largest: number): Value {
  const { g, lossScale } = at;
  if (lossScale === undefined) return clamp(g, x, largest);
  const bound = scaledUp(at, g.scalar(largest));
  return minimum(g, bound, maximum(g, scale(g, bound, -1), x));
}
