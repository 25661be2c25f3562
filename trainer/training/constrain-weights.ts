// Weights of the length that they began with (Moskovitz et al. 2018, section 3.1): behind the optimizer's step, each W is scaled to its
// first Frobenius norm, so that the next forward pass and every evaluation see it so. BioTorch scales before each forward pass.
import type { VariableTable } from '../primitives/index.ts';
import {
  add,
  divide,
  equal,
  type Graph,
  multiply,
  scale,
  sqrt,
  square,
  subtract,
  total,
  type Update,
  type Value,
  type Variable,
} from '../program/index.ts';

export interface ConstraintPlace {
  readonly g: Graph;
  readonly variables: VariableTable;
  /** Each W, and what takes its steps beside it: that is scaled by W's factor, so that their steps stay alike. */
  readonly learning: ReadonlyMap<Variable, readonly Variable[]>;
}

/** The same updates, but those of weights end at the norm that their W began with. */
export function constrained(at: ConstraintPlace, updates: readonly Update[]): readonly Update[] {
  const steps = new Map(updates.map((update) => [update.variable, update]));
  const scaled = [...at.learning].flatMap(([variable, along]) => {
    const own = [variable, ...along].flatMap((each) => steps.get(each) ?? []);
    for (const { variable: each } of own) steps.delete(each);
    return at.g.within(variable.name, () => scaledBack(at, own));
  });
  return [...steps.values(), ...scaled];
}

/** Of W and of what takes its steps: all are scaled by the factor that brings W to its first norm. */
function scaledBack({ g, variables }: ConstraintPlace, updates: readonly Update[]): Update[] {
  const [own, ...along] = updates.map((update) => assignments(g, update));
  if (own === undefined) return [];
  const first = firstNorm(g, variables, g.read(own.variable));
  const factor = divide(g, first.value, frobenius(g, own.value));
  const back = [own, ...along].flatMap(({ variable, value, others }) => [
    ...others,
    { kind: 'assign', variable, value: multiply(g, value, factor) } as const,
  ]);
  return [first.update, ...back];
}

const frobenius = (g: Graph, W: Value): Value => sqrt(g, total(g, square(g, W)));

/** |W| of the first step: a variable, so that a resumed training has it to the bit from its checkpoint; 0 until it is known. */
function firstNorm(g: Graph, variables: VariableTable, W: Value) {
  const variable = variables.declare(g, {
    name: 'firstNorm',
    shape: [],
    role: 'optimizer',
    initializer: { kind: 'constant', value: 0 },
  });
  const known = g.read(variable);
  const value = add(g, known, multiply(g, equal(g, known, g.scalar(0)), frobenius(g, W)));
  return { value, update: { kind: 'assign', variable, value } as const };
}

/** An update as assignments: the variable's next value, and what else it changes. */
function assignments(g: Graph, update: Update) {
  if (update.kind === 'assign') return { ...update, others: [] };
  const { variable, accumulator, gradient, rate, momentum, nesterov } = update;
  const a = add(g, scale(g, g.read(accumulator), momentum), gradient);
  const direction = nesterov ? add(g, gradient, scale(g, a, momentum)) : a;
  const value = subtract(g, g.read(variable), multiply(g, direction, rate));
  const others: Update[] = [{ kind: 'assign', variable: accumulator, value: a }];
  return { variable, value, others };
}
