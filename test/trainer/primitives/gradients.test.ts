// Every primitive's derivative, written by hand beside its forward pass, against central differences in float64.
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import {
  auxiliaryHead,
  averagePool,
  batchNorm,
  classifier,
  concatenated,
  convolution,
  cropped,
  dense,
  dilatedConvolution,
  droppingPath,
  factorizedReduce,
  flatten,
  globalAveragePool,
  identity,
  type Layer,
  maxPool,
  relu,
  reluConvolution,
  residualReduction,
  separableConvolution,
  summed,
  widened,
  zero,
} from '../../../trainer/primitives/index.ts';
import type { Shape } from '../../../trainer/program/index.ts';
import { gradientErrors } from '../../builders/central-differences.ts';
import { openProbe, probeLayer } from '../../builders/probe.ts';

const reference = createReferenceExecutor();

const EVEN = [2, 6, 6, 4];
const ODD = [2, 7, 5, 4];

/** Each layer at each stride, on pictures with even and odd sides. */
const onPictures = (
  name: string,
  layer: (stride: number) => Layer,
  strides: readonly number[] = [1, 2],
) =>
  strides.flatMap((stride) =>
    [EVEN, ODD].map((shape): [string, Layer, Shape] => [
      `${name}, stride ${stride}, on [${shape}]`,
      layer(stride),
      shape,
    ]),
  );

const ROWS: readonly [string, Layer, Shape][] = [
  ...onPictures('reluConvolution 1x1', (stride) =>
    reluConvolution({ filters: 6, kernel: 1, stride }),
  ),
  ...onPictures('reluConvolution 3x3', (stride) =>
    reluConvolution({ filters: 6, kernel: 3, stride }),
  ),
  ...[3, 5].flatMap((kernel) => [
    ...onPictures(`separable ${kernel}`, (stride) =>
      separableConvolution({ filters: 6, kernel, stride }),
    ),
    ...onPictures(`dilated ${kernel}`, (stride) =>
      dilatedConvolution({ filters: 6, kernel, stride }),
    ),
  ]),
  ...onPictures('factorizedReduce', () => factorizedReduce(6), [2]),
  ...onPictures('factorizedReduce to an odd width', () => factorizedReduce(5), [2]),
  ...onPictures('maxPool 3', (stride) => maxPool({ window: 3, stride, padding: 1 })),
  ...onPictures('averagePool 3', (stride) => averagePool({ window: 3, stride, padding: 1 })),
  ...onPictures('subsampling', (stride) => averagePool({ window: 1, stride })),
  ...onPictures('zero', zero),
  ...onPictures('identity', () => identity, [1]),
  ...onPictures('relu', () => relu, [1]),
  ...onPictures('batchNorm', () => batchNorm(), [1]),
  ...onPictures('batchNorm without gamma and beta', () => batchNorm({ affine: false }), [1]),
  ...onPictures(
    'droppingPath',
    () => droppingPath(reluConvolution({ filters: 4, kernel: 1 })),
    [1],
  ),
  ...onPictures('cropped', () => cropped(1), [1]),
  ...onPictures('widened', () => widened(9), [1]),
  ...onPictures('flatten', () => flatten, [1]),
  ...onPictures('globalAveragePool', () => globalAveragePool, [1]),
  ...onPictures('classifier', () => classifier(5), [1]),
  ...onPictures('convolution with bias and groups', (stride) =>
    convolution({ filters: 8, kernel: 3, stride, padding: 1, groups: 2, bias: true }),
  ),
  ...onPictures('summed branches', () =>
    summed(['a', reluConvolution({ filters: 4, kernel: 3 })], ['b', identity], ['c', zero()]),
  ),
  ...onPictures('concatenated branches', () =>
    concatenated(['a', reluConvolution({ filters: 3, kernel: 1 })], ['b', relu], ['c', zero()]),
  ),
  ['residualReduction', residualReduction(6), EVEN],
  ['dense', dense(3), [4, 5]],
  ['auxiliaryHead on 8 x 8', auxiliaryHead(3, { narrow: 4, wide: 6 }), [3, 8, 8, 2]],
  ['auxiliaryHead on 7 x 7', auxiliaryHead(3, { narrow: 4, wide: 6 }), [3, 7, 7, 2]],
];

describe('in training, under backpropagation', () => {
  test.each(ROWS)('%s', async (_, layer, shape) => {
    const probe = probeLayer(layer, shape);
    const opened = await openProbe(reference, probe);
    const errors = await gradientErrors(opened, { parameters: probe.variables.parameters });
    for (const [tensor, error] of Object.entries(errors))
      expect(error, `relative error of the gradient by ${tensor}`).toBeLessThan(1e-6);
  });
});

describe('in evaluation, where attacks want the gradient of the pictures', () => {
  test.each([
    ['batchNorm', batchNorm()],
    ['separable 3', separableConvolution({ filters: 6, kernel: 3 })],
    ['factorizedReduce', factorizedReduce(6)],
  ] as const)('%s', async (_, layer) => {
    const opened = await openProbe(reference, probeLayer(layer, EVEN, { mode: 'evaluate' }));
    const { x } = await gradientErrors(opened, { parameters: [] });
    expect(x).toBeLessThan(1e-6);
  });
});

test('a wrong derivative is found: the table can fail', async () => {
  const wrong: Layer = (at, x) => ({ ...relu(at, x), backward: (dy) => dy });
  const { x } = await gradientErrors(await openProbe(reference, probeLayer(wrong, EVEN)), {
    parameters: [],
  });
  expect(x).toBeGreaterThan(0.1);
});
