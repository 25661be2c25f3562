// Where primitives look and what shape they give: by hand, on pictures that count 1, 2, 3, ...
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import {
  auxiliaryHead,
  averagePool,
  dilatedConvolution,
  droppingPath,
  factorizedReduce,
  hebbianConvolution,
  identity,
  type Layer,
  maxPool,
  reluConvolution,
  separableConvolution,
  softHebbConvolution,
  zero,
} from '../../../trainer/primitives/index.ts';
import { ProgramError, type Shape, sizeOf } from '../../../trainer/program/index.ts';
import { openProbe, type Probe, probeLayer } from '../../builders/probe.ts';
import { tensorOf } from '../../builders/tensors.ts';

const reference = createReferenceExecutor();

const shapeOf = ({ program }: Probe): Shape => program.entries['step']!.outputs['y']!.shape;

/** y of a counting picture, all weights and variances 1, statistics as they start, epsilon taken out. */
async function ofCounting(layer: Layer, shape: Shape): Promise<readonly number[]> {
  const ones = (name: string) => !/(runningMean|beta|bias)$/.test(name);
  const opened = await openProbe(
    reference,
    probeLayer(layer, shape, { mode: 'evaluate' }),
    (_, variables) =>
      Object.fromEntries(
        variables.map(({ name, shape: side }) => [
          name,
          tensorOf(Array(sizeOf(side)).fill(ones(name) ? 1 : 0), side),
        ]),
      ),
  );
  const counting = tensorOf(
    Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
    shape,
  );
  const { y } = await opened.session.run('step', { ...opened.inputs, x: counting });
  return Array.from(y!.data, (each) => Math.round(each * Math.sqrt(1 + 1e-5) * 1e4) / 1e4);
}

describe('factorizedReduce', () => {
  test('takes the even pixels in one half of the channels and x[1:,1:] in the other', async () => {
    expect(await ofCounting(factorizedReduce(2), [1, 4, 4, 1])).toEqual([
      1, 6, 3, 8, 9, 14, 11, 16,
    ]);
  });

  test('sees zeros beyond the end of an odd side', async () => {
    expect(await ofCounting(factorizedReduce(2), [1, 3, 3, 1])).toEqual([1, 5, 3, 0, 7, 0, 9, 0]);
  });
});

describe('windows', () => {
  test('a dilated 3x3 reaches two pixels far and leaves out those between', async () => {
    const y = await ofCounting(dilatedConvolution({ filters: 1, kernel: 3 }), [1, 5, 5, 1]);
    expect(y[12]).toBe(1 + 3 + 5 + 11 + 13 + 15 + 21 + 23 + 25);
  });

  test('a strided separable convolution strides once', async () => {
    const strided = separableConvolution({ filters: 1, kernel: 3, stride: 2 });
    const y = await ofCounting(strided, [1, 4, 4, 1]);
    expect(y).toHaveLength(4);
  });

  test('averages leave the padding out', async () => {
    const y = await ofCounting(averagePool({ window: 3, stride: 2, padding: 1 }), [1, 3, 3, 1]);
    const mean = (...pixels: readonly number[]) =>
      pixels.reduce((sum, each) => sum + each, 0) / pixels.length;
    expect(y.map((each) => each / Math.sqrt(1 + 1e-5))).toEqual([
      expect.closeTo(mean(1, 2, 4, 5), 3),
      expect.closeTo(mean(2, 3, 5, 6), 3),
      expect.closeTo(mean(4, 5, 7, 8), 3),
      expect.closeTo(mean(5, 6, 8, 9), 3),
    ]);
  });
});

// A node adds edges of any two operations, so at one stride all must give one shape, odd sides too.
describe('all operations of a cell give the same shape', () => {
  const OPERATIONS: Readonly<Record<string, (stride: number) => Layer>> = {
    reluConvolution: (stride) => reluConvolution({ filters: 4, kernel: 3, stride }),
    'separable 3': (stride) => separableConvolution({ filters: 4, kernel: 3, stride }),
    'separable 5': (stride) => separableConvolution({ filters: 4, kernel: 5, stride }),
    'dilated 3': (stride) => dilatedConvolution({ filters: 4, kernel: 3, stride }),
    Hebbian: (stride) => hebbianConvolution({ filters: 4, kernel: 3, stride }),
    SoftHebb: (stride) => softHebbConvolution({ filters: 4, kernel: 3, stride }),
    'dilated 5': (stride) => dilatedConvolution({ filters: 4, kernel: 5, stride }),
    maxPool: (stride) => maxPool({ window: 3, stride, padding: 1 }),
    averagePool: (stride) => averagePool({ window: 3, stride, padding: 1 }),
    skip: (stride) => (stride === 1 ? identity : factorizedReduce(4)),
    zero,
  };

  test.each(Object.entries(OPERATIONS))('%s', (_, operation) => {
    for (const side of [2, 3, 7, 8, 15, 32])
      for (const stride of [1, 2]) {
        const half = Math.ceil(side / stride);
        const probe = probeLayer(operation(stride), [2, side, side + 1, 4]);
        expect(shapeOf(probe)).toEqual([2, half, Math.ceil((side + 1) / stride), 4]);
      }
  });
});

describe('auxiliaryHead', () => {
  const poolOf = (side: number) => {
    const { program } = probeLayer(auxiliaryHead(3, { narrow: 2, wide: 2 }), [2, side, side, 2]);
    const pool = program.entries['step']!.operations.find(({ kind }) => kind === 'averagePool')!;
    const [, height] = pool.outputs[0]!.shape;
    return { ...pool.attributes, height };
  };

  test.each([
    [8, 5, 3],
    [7, 5, 2],
    [2, 1, 1],
    [3, 2, 1],
    [16, 9, 7],
  ])('averages %d x %d by windows of %d at stride %d to 2 x 2', (side, window, stride) => {
    expect(poolOf(side)).toMatchObject({ window, stride, height: 2 });
  });
});

describe('droppingPath', () => {
  test('drops a share of the pictures whole and scales the others up', async () => {
    const pictures = 2000;
    const probe = probeLayer(droppingPath(identity), [pictures, 1, 1, 2]);
    const { session, inputs } = await openProbe(reference, probe);
    const ones = tensorOf(Array(pictures * 2).fill(1), [pictures, 1, 1, 2]);
    const run = async (dropPath: number) => {
      const changed = { x: ones, dropPath: tensorOf([dropPath], []) };
      return (await session.run('step', { ...inputs, ...changed }))['y']!.data;
    };
    const y = await run(0.25);
    const first = y.filter((_: number, i: number) => i % 2 === 0);
    const second = y.filter((_: number, i: number) => i % 2 === 1);
    expect(first).toEqual(second);
    expect(new Set(first)).toEqual(new Set([0, 1 / 0.75]));
    const dropped = Array.from(first).filter((each) => each === 0).length / pictures;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.03);
    expect(new Set(await run(0))).toEqual(new Set([1]));
  });
});

test('a window larger than its picture is refused where the network is written', () => {
  const write = () => probeLayer(maxPool({ window: 3, stride: 1 }), [1, 2, 2, 1]);
  expect(write).toThrow(ProgramError);
  expect(write).toThrow('the window does not fit into [1,2,2,1]');
});
