// Layers side by side: branches that read one signal and whose outputs are added or laid next to each other.
import { add, concat, type Graph, slice, type Value } from '../program/index.ts';
import { type Layer, named, type Signal, type Step } from './layer.ts';

type Named = readonly [name: string, layer: Layer];

/** The sum of what came, or undefined where nothing did. */
export function sumOf(g: Graph, values: readonly (Value | undefined)[]): Value | undefined {
  const [first, ...others] = values.filter((value) => value !== undefined);
  return first === undefined ? undefined : others.reduce((sum, each) => add(g, sum, each), first);
}

/** Cuts a signal along the channels, as the `parts` were when they were concatenated. [N,H,W,sum of C] */
export function splitChannels(g: Graph, d: Value, parts: readonly Value[]): readonly Value[] {
  let begin = 0;
  return parts.map(({ shape }) => {
    const part = slice(g, d, [0, 0, 0, begin], shape);
    begin += shape[3] ?? 0;
    return part;
  });
}

const write = (at: Parameters<Layer>[0], x: Signal, branches: readonly Named[]): readonly Step[] =>
  branches.map(([name, layer]) => named(name, layer)(at, x));

const someNeed = (steps: readonly Step[]): boolean => steps.some(({ y }) => y.needsGradient);

/** Branches of one output shape, added: a residual block is its body and its shortcut. */
export const summed =
  (first: Named, ...others: readonly Named[]): Layer =>
  (at, x) => {
    const { g } = at;
    const head = named(...first)(at, x);
    const tail = write(at, x, others);
    const steps = [head, ...tail];
    const value = tail.reduce((sum, { y }) => add(g, sum, y.value), head.y.value);
    return {
      y: { value, needsGradient: someNeed(steps) },
      backward: (dy) =>
        sumOf(
          g,
          steps.map((step) => (step.y.needsGradient ? step.backward(dy) : undefined)),
        ),
    };
  };

/** Branches of one picture size, next to each other along the channels. */
export const concatenated =
  (...branches: readonly Named[]): Layer =>
  (at, x) => {
    const { g } = at;
    const steps = write(at, x, branches);
    const parts = steps.map(({ y }) => y.value);
    return {
      y: { value: concat(g, parts, 3), needsGradient: someNeed(steps) },
      backward: (dy) => {
        const slices = splitChannels(g, dy, parts);
        return sumOf(
          g,
          steps.map((step, i) => {
            const part = slices[i];
            return part !== undefined && step.y.needsGradient ? step.backward(part) : undefined;
          }),
        );
      },
    };
  };
