// Elementwise operators, with numpy's broadcasting.
import type { Graph } from '../graph.ts';
import type { Dtype, Shape, Value } from '../values.ts';

type Pair = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'less' | 'equal';
type Single = 'sqrt' | 'abs' | 'sign' | 'square' | 'floor' | 'exp' | 'log' | 'relu';

export function broadcastShapes(g: Graph, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      g.refuse(`shapes [${a}] and [${b}] do not broadcast`);
    return Math.max(left, right);
  });
}

const pair =
  (kind: Pair) =>
  (g: Graph, a: Value, b: Value): Value =>
    g.emitOne(
      kind,
      [a, b],
      {},
      {
        shape: broadcastShapes(g, a.shape, b.shape),
        dtype: kind === 'less' || kind === 'equal' ? 'float32' : a.dtype,
      },
    );

const single =
  (kind: Single) =>
  (g: Graph, x: Value): Value =>
    g.emitOne(kind, [x], {}, x.shape);

export const add = pair('add');
export const subtract = pair('subtract');
export const multiply = pair('multiply');
export const divide = pair('divide');
export const maximum = pair('maximum');
export const minimum = pair('minimum');
export const less = pair('less');
export const equal = pair('equal');
export const sqrt = single('sqrt');
export const abs = single('abs');
export const sign = single('sign');
export const square = single('square');
export const floor = single('floor');
export const exp = single('exp');
export const log = single('log');
export const relu = single('relu');

/** dy where y > 0, for y = relu(x). */
export const reluGradient = (g: Graph, dy: Value, y: Value): Value =>
  g.emitOne('reluGradient', [dy, y], {}, y.shape);

export const cast = (g: Graph, x: Value, to: Dtype): Value =>
  x.dtype === to ? x : g.emitOne('cast', [x], { to }, { shape: x.shape, dtype: to });

export const scale = (g: Graph, x: Value, factor: number): Value =>
  factor === 1 ? x : multiply(g, x, g.scalar(factor));

/** x with every number brought into [-largest, largest]. */
export const clamp = (g: Graph, x: Value, largest: number): Value =>
  minimum(g, g.scalar(largest), maximum(g, g.scalar(-largest), x));
