// An edge that is one of its candidates in a step, or none of them (single paths; Guo et al. 2020): what is not taken is absent, so
// it is neither computed nor kept nor learned by.
import { broadcast, type Graph, gate, merge, type Shape, type Value } from '../program/index.ts';
import { type Head, type Layer, named, type Place } from './layer.ts';
import type { Candidate } from './mixed-operation.ts';

/** Of these one is 1 and the others are 0, each []. */
export interface Taken {
  /** By candidate. */
  readonly candidates: readonly Value[];
  /** The edge adds zeros. */
  readonly none: Value;
}

export interface Choice {
  /** At least one; all have a layer. */
  readonly candidates: readonly (Candidate & { readonly layer: Layer })[];
  readonly taken: Taken;
}

export const chosenOperation =
  ({ candidates, taken }: Choice): Layer =>
  (at, x) => {
    const { g } = at;
    const conditions = candidates.map(
      (_, k) => taken.candidates[k] ?? g.refuse(`nothing says whether candidate ${k} is taken`),
    );
    const written = candidates.map(({ name, layer }, k) => {
      const condition = conditions[k] as Value;
      return { condition, step: named(name, whereTaken(layer, condition))(at, x) };
    });
    const outputs = written.map(({ step }) => step.y.value);
    const none = zeros(g, outputs[0]?.shape ?? [], taken.none);
    return {
      y: { value: merge(g, [...outputs, none]), needsGradient: true },
      backward: (dy) => {
        const sent = written.map(({ condition, step }) => {
          const dx = step.y.needsGradient ? step.backward(gate(g, dy, { condition })) : undefined;
          return dx === undefined ? zeros(g, x.value.shape, condition) : gate(g, dx, { condition });
        });
        if (!x.needsGradient) return undefined;
        return merge(g, [...sent, zeros(g, x.value.shape, taken.none)]);
      },
    };
  };

/** All that a layer hears from elsewhere is absent with its input, so that nothing of it is there. */
const whereTaken =
  (layer: Layer, condition: Value): Layer =>
  (at, x) => {
    const { g } = at;
    at.conditions.set(g.path, condition);
    const there = (value: Value) => gate(g, value, { condition });
    const place: Place = {
      ...at,
      key: there(at.key),
      ...(at.labels === undefined ? {} : { labels: there(at.labels) }),
      ...(at.head === undefined ? {} : { head: hearing(at.head, there) }),
    };
    return layer(place, { ...x, value: there(x.value) });
  };

/** The error is known only on the way back. */
function hearing(head: Head, there: (value: Value) => Value): Head {
  let error: Value | undefined;
  return {
    classes: head.classes,
    get error() {
      if (error === undefined && head.error !== undefined) error = there(head.error);
      return error as Value;
    },
  };
}

const zeros = (g: Graph, shape: Shape, condition: Value): Value =>
  broadcast(g, gate(g, g.scalar(0), { condition }), shape);

/** When the variable of this name is learned by: undefined: in every step. */
export function conditionOf({ conditions }: Place, variable: string): Value | undefined {
  const path = variable.split('/');
  while (path.pop() !== undefined) {
    const condition = conditions.get(path.join('/'));
    if (condition !== undefined) return condition;
  }
  return undefined;
}

/** A number, 0 where it is absent under this condition. */
export const orZero = (g: Graph, value: Value, condition: Value): Value =>
  merge(g, [value, gate(g, g.scalar(0), { condition, open: false })]);
