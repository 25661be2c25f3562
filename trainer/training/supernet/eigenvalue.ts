// The dominant eigenvalue of the Hessian of the loss in alpha: it grows before a supernet collapses (Zela et al. 2020, Understanding and
// Robustifying Differentiable Architecture Search). By power iteration, whose products are central differences of alpha's gradient,
// H v = (g(alpha + e v) - g(alpha - e v)) / 2e. So it is the curvature over a step of e, kinks of ReLU among it, which the Hessian that
// differentiation gives has not: figures depend on e, and compare with each other alone. Pure but for the slopes.
import type { Random } from '../../random.ts';

export type Vector = readonly number[];

/** g(alpha), flat; undefined where the trainer is asked to end. */
export type SlopesAt = (alpha: Vector) => Promise<Vector | undefined>;

/** e, of a unit vector. The smaller, the more of what is seen is the kinks of single pictures. */
const STEP = 0.1;

/**
 * |H v| after so many steps of v: the size of the largest eigenvalue, whichever its sign, also where two differ in nothing else. Signals of rules that do not backpropagate are
 * no gradient, and what they are differentiated to no Hessian: then it is the dominant eigenvalue of their Jacobian. Undefined where
 * asked to end.
 */
export async function dominantEigenvalue(
  alpha: Vector,
  slopesAt: SlopesAt,
  { steps, random }: { readonly steps: number; readonly random: Random },
): Promise<number | undefined> {
  let v = unit(alpha.map(() => random.normal()));
  let eigenvalue = 0;
  for (let step = 0; step < steps; step++) {
    const moved = (by: number) => slopesAt(alpha.map((each, i) => each + by * (v[i] ?? 0)));
    const [above, below] = [await moved(STEP), await moved(-STEP)];
    if (above === undefined || below === undefined) return undefined;
    const Hv = above.map((each, i) => (each - (below[i] ?? 0)) / (2 * STEP));
    eigenvalue = Math.hypot(...Hv);
    if (eigenvalue === 0) return 0;
    v = unit(Hv);
  }
  return eigenvalue;
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return v.map((each) => each / length);
}

/** Epochs that are averaged, and that are between the two means. */
export const EIGENVALUE_WINDOW = 5;

/** Whether the mean of the last 5 epochs has grown over that of the 5 before by so much that their ratio is below `least`; 0: never. */
export function hasSharpened(eigenvalues: readonly (number | undefined)[], least: number): boolean {
  const known = eigenvalues.slice(-2 * EIGENVALUE_WINDOW).filter((each) => each !== undefined);
  if (least === 0 || known.length < 2 * EIGENVALUE_WINDOW) return false;
  const mean = (of: Vector) => of.reduce((sum, each) => sum + each, 0) / of.length;
  const before = mean(known.slice(0, EIGENVALUE_WINDOW));
  const now = mean(known.slice(EIGENVALUE_WINDOW));
  return before / now < least;
}
