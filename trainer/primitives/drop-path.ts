// Drop-path (Larsson et al. 2017) as DARTS has it: an edge's output is left out for some pictures of the batch.
import { add, divide, floor, multiply, randomUniform, subtract } from '../program/index.ts';
import type { Layer } from './layer.ts';

/**
 * In training, multiplies each picture by 0 with the probability of the step's scalar input `dropPath`, else by
 * 1 / (1 - dropPath), which keeps the mean. In evaluation it is the identity, and the input does not exist.
 */
export const dropPath: Layer = (at, x) => {
  if (at.mode === 'evaluate') return { y: x, backward: (dy) => dy };
  const { g } = at;
  const kept = subtract(g, g.scalar(1), g.input('dropPath', []));
  const shape = [x.value.shape[0] ?? 0, 1, 1, 1];
  const draw = randomUniform(g, at.key, { shape, stream: at.nextStream() });
  const mask = divide(g, floor(g, add(g, draw, kept)), kept); // (N,1,1,1)
  return {
    y: { value: multiply(g, x.value, mask), needsGradient: x.needsGradient },
    backward: (dy) => (x.needsGradient ? multiply(g, dy, mask) : undefined),
  };
};
