// Max and average pooling over windows with explicit padding (averages leave the padding out, as DARTS does).
import type { Graph } from '../graph.ts';
import type { PoolGeometry } from '../operations.ts';
import type { Shape, Value } from '../values.ts';
import { refuseEmpty, slidOver } from './convolution.ts';

function pooledShape(g: Graph, x: Value, { window, stride, padding }: PoolGeometry): Shape {
  const [n = 0, h = 0, w = 0, c = 0] = x.shape;
  const vertical = { stride, before: padding.top, after: padding.bottom };
  const horizontal = { stride, before: padding.left, after: padding.right };
  const sides = [slidOver(h, window, vertical), slidOver(w, window, horizontal)] as const;
  refuseEmpty(g, x, sides);
  return [n, ...sides, c];
}

export const maxPool = (g: Graph, x: Value, geometry: PoolGeometry): Value =>
  g.emitOne('maxPool', [x], geometry, pooledShape(g, x, geometry));

export const maxPoolGradient = (
  g: Graph,
  [x, y, dy]: readonly [x: Value, y: Value, dy: Value],
  geometry: PoolGeometry,
): Value => g.emitOne('maxPoolGradient', [x, y, dy], geometry, x.shape);

export const averagePool = (g: Graph, x: Value, geometry: PoolGeometry): Value =>
  g.emitOne('averagePool', [x], geometry, pooledShape(g, x, geometry));

export const averagePoolGradient = (
  g: Graph,
  dy: Value,
  { inputShape, ...geometry }: PoolGeometry & { inputShape: Shape },
): Value => g.emitOne('averagePoolGradient', [dy], { ...geometry, inputShape }, inputShape);
