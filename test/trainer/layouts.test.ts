// Layouts: an axis order and its inverse give back what was there, and single elements land where they should.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NCHW_OF_NHWC, permuted } from '../../trainer/layouts.ts';

test('an element of NHWC is found at its NCHW place', () => {
  const [n, h, w, c] = [2, 3, 4, 5];
  const data = Int32Array.from({ length: n * h * w * c }, (_, i) => i);
  const turned = permuted({ shape: [n, h, w, c], data }, NCHW_OF_NHWC);
  expect(turned.shape).toEqual([n, c, h, w]);
  const [i, y, x, k] = [1, 2, 3, 4];
  expect(turned.data[((i * c + k) * h + y) * w + x]).toBe(((i * h + y) * w + x) * c + k);
});

test('an order and its inverse are no change', () => {
  const anOrder = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
  const aShape = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(aShape, anOrder, (shape, order) => {
      const length = shape.reduce((product, side) => product * side, 1);
      const data = Float32Array.from({ length }, (_, i) => i);
      const inverse = order.map((_, axis) => order.indexOf(axis));
      expect(permuted(permuted({ shape, data }, order), inverse)).toEqual({ shape, data });
    }),
  );
});
