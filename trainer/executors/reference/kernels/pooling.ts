// Pooling over the pixels of each window that lie inside the picture.
import type { PoolGeometry, Shape } from '../../../program/index.ts';
import { add, at, type NdArray, zeros } from '../array.ts';
import type { Kernels } from './kernel.ts';

/** Calls `visit` with each output's offset and the offsets of its window's pixels, in row-major order. */
function forEachWindow(
  [, h = 0, w = 0, c = 0]: Shape,
  { output: [n = 0, rows = 0, columns = 0], geometry }: { output: Shape; geometry: PoolGeometry },
  visit: (output: number, pixels: readonly number[]) => void,
): void {
  const { window, stride, padding } = geometry;
  const along = (i: number, before: number, side: number) =>
    Array.from({ length: window }, (_, u) => i * stride + u - before).filter(
      (p) => p >= 0 && p < side,
    );
  for (let b = 0; b < n; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < c; k++) {
          const pixels = along(i, padding.top, h).flatMap((p) =>
            along(j, padding.left, w).map((q) => ((b * h + p) * w + q) * c + k),
          );
          visit(((b * rows + i) * columns + j) * c + k, pixels);
        }
}

const largest = (x: NdArray, pixels: readonly number[]): number =>
  pixels.reduce((best, pixel) => (at(x.data, pixel) > at(x.data, best) ? pixel : best));

export const pooling: Kernels<
  'maxPool' | 'maxPoolGradient' | 'averagePool' | 'averagePoolGradient'
> = {
  maxPool: ([x], { attributes: geometry, outputs: [value] }) => {
    const y = zeros(value?.shape ?? []);
    forEachWindow(x.shape, { output: y.shape, geometry }, (i, pixels) => {
      y.data[i] = at(x.data, largest(x, pixels));
    });
    return [y];
  },

  maxPoolGradient: ([x, , dy], { attributes: geometry }) => {
    const dx = zeros(x.shape);
    forEachWindow(x.shape, { output: dy.shape, geometry }, (i, pixels) =>
      add(dx.data, largest(x, pixels), at(dy.data, i)),
    );
    return [dx];
  },

  averagePool: ([x], { attributes: geometry, outputs: [value] }) => {
    const y = zeros(value?.shape ?? []);
    forEachWindow(x.shape, { output: y.shape, geometry }, (i, pixels) => {
      for (const pixel of pixels) add(y.data, i, at(x.data, pixel) / pixels.length);
    });
    return [y];
  },

  averagePoolGradient: ([dy], { attributes: { inputShape, ...geometry } }) => {
    const dx = zeros(inputShape);
    forEachWindow(inputShape, { output: dy.shape, geometry }, (i, pixels) => {
      for (const pixel of pixels) add(dx.data, pixel, at(dy.data, i) / pixels.length);
    });
    return [dx];
  },
};
