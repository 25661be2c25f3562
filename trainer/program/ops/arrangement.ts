// Reductions and the operators that move elements without changing them.
import type { Graph } from '../graph.ts';
import { type Shape, sizeOf, type Value } from '../values.ts';

interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims?: boolean;
}

function reduced(x: Value, { axes, keepDims = false }: Reduction): Shape {
  const kept = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  return keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
}

const reduction =
  (kind: 'sum' | 'mean') =>
  (g: Graph, x: Value, how: Reduction): Value =>
    g.emitOne(kind, [x], { axes: how.axes, keepDims: how.keepDims ?? false }, reduced(x, how));

export const sum = reduction('sum');
export const mean = reduction('mean');

/** Sum of all elements, as a scalar. */
export const total = (g: Graph, x: Value): Value => sum(g, x, { axes: x.shape.map((_, i) => i) });

export const broadcast = (g: Graph, x: Value, shape: Shape): Value =>
  g.emitOne('broadcast', [x], { shape }, shape);

export function reshape(g: Graph, x: Value, shape: Shape): Value {
  if (sizeOf(shape) !== sizeOf(x.shape)) g.refuse(`reshape of [${x.shape}] to [${shape}]`);
  return g.emitOne('reshape', [x], { shape }, { shape, dtype: x.dtype });
}

export const transpose = (g: Graph, x: Value, permutation: readonly number[]): Value =>
  g.emitOne(
    'transpose',
    [x],
    { permutation },
    permutation.map((axis) => x.shape[axis] ?? 0),
  );

export function concat(g: Graph, parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined) return g.refuse('concat of nothing');
  if (parts.length === 1) return first;
  const along = parts.reduce((side, part) => side + (part.shape[axis] ?? 0), 0);
  return g.emitOne('concat', parts, { axis }, first.shape.with(axis, along));
}

export const slice = (g: Graph, x: Value, begin: readonly number[], size: Shape): Value =>
  g.emitOne('slice', [x], { begin, size }, { shape: size, dtype: x.dtype });

export const pad = (g: Graph, x: Value, paddings: readonly (readonly [number, number])[]): Value =>
  g.emitOne(
    'pad',
    [x],
    { paddings },
    x.shape.map((side, i) => side + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0)),
  );
