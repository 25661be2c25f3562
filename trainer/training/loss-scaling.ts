// Dynamic loss scaling of float16 (Micikevicius et al. 2018): the scale doubles after many steps whose gradients were all finite. After
// one whose were not it halves, and that step changes nothing else of what the optimizer keeps. It lives in variables, so that
// checkpoints have it.
import { type Place, scaledDown, type VariableTable } from '../primitives/index.ts';
import {
  add,
  equal,
  type Graph,
  gate,
  less,
  maximum,
  minimum,
  multiply,
  scale,
  subtract,
  type Update,
  type Value,
  type Variable,
} from '../program/index.ts';

/** As PyTorch's GradScaler begins and grows. */
const [START, INTERVAL] = [2 ** 16, 2000];
const [LEAST, MOST] = [1, 2 ** 24];
/** A sum of squares of float32 that is no number or beyond is not less. */
const FINITE = 3e38;

export const LOSS_SCALE = 'lossScale';
/** A variable []: how many steps changed nothing. */
export const SKIPPED_STEPS = 'skippedSteps';
const FINITE_STEPS = 'finiteSteps';

const scalar = (at: Pick<Place, 'g' | 'variables'>, name: string, value: number): Variable =>
  at.variables.declare(at.g, {
    name,
    shape: [],
    role: 'optimizer',
    initializer: { kind: 'constant', value },
  });

/** This step's scale. */
export const readLossScale = (g: Graph, variables: VariableTable): Value =>
  g.read(scalar({ g, variables }, LOSS_SCALE, START));

/** Divides all gradients of the place by its scale. */
export function unscaleGradients(at: Place): void {
  for (const [name, gradient] of at.gradients) at.gradients.set(name, scaledDown(at, gradient));
}

/** The optimizer's updates where the gradients, whose squares sum to `squares`, are finite, and those of the scale in any case. */
export function onlyIfFinite(at: Place, squares: Value, updates: readonly Update[]): Update[] {
  const { g } = at;
  const condition = less(g, squares, g.scalar(FINITE));
  const gated = updates.map((update) =>
    update.kind === 'assign'
      ? { ...update, value: gate(g, update.value, { condition }) }
      : { ...update, gradient: gate(g, update.gradient, { condition }) },
  );
  return [...gated, ...scaleUpdates(at, condition)];
}

function scaleUpdates(at: Place, finite: Value): Update[] {
  const { g } = at;
  const one = g.scalar(1);
  const [S, steps, skipped] = [
    scalar(at, LOSS_SCALE, START),
    scalar(at, FINITE_STEPS, 0),
    scalar(at, SKIPPED_STEPS, 0),
  ];
  const bad = subtract(g, one, finite);
  const next = add(g, g.read(steps), one);
  const isDue = equal(g, next, g.scalar(INTERVAL));
  const larger = minimum(g, multiply(g, g.read(S), add(g, one, isDue)), g.scalar(MOST));
  const smaller = maximum(g, scale(g, g.read(S), 0.5), g.scalar(LEAST));
  const value = add(g, multiply(g, finite, larger), multiply(g, bad, smaller));
  const counted = multiply(g, finite, multiply(g, next, subtract(g, one, isDue)));
  return [
    { kind: 'assign', variable: S, value },
    { kind: 'assign', variable: steps, value: counted },
    { kind: 'assign', variable: skipped, value: add(g, g.read(skipped), bad) },
  ];
}
