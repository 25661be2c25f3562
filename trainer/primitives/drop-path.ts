// Drop-path (Larsson et al. 2017) as DARTS has it: an edge's output is left out for some pictures of the batch.
import { add, divide, floor, multiply, subtract } from '../program/index.ts';
import { type Layer, named } from './layer.ts';
import { drawsOfPictures } from './passes.ts';

/**
 * In training, multiplies each picture that `layer` gives by 0 with the probability of the step's scalar input
 * `dropPath`, else by 1 / (1 - dropPath), which keeps the mean. In evaluation neither the factor nor the input exists.
 * The layer's variables are named as without it.
 */
export const droppingPath =
  (layer: Layer): Layer =>
  (at, x) => {
    const kept = layer(at, x);
    if (at.mode === 'evaluate') return kept;
    const dropped = named('drop', maskPictures)(at, kept.y);
    return {
      y: dropped.y,
      backward: (dy) => {
        const d = dropped.backward(dy);
        return d === undefined ? undefined : kept.backward(d);
      },
    };
  };

const maskPictures: Layer = (at, x) => {
  const { g } = at;
  const keeps = subtract(g, g.scalar(1), g.input('dropPath', []));
  const shape = [x.value.shape[0] ?? 0, 1, 1, 1];
  const draw = drawsOfPictures(at, shape);
  const mask = divide(g, floor(g, add(g, draw, keeps)), keeps); // (N,1,1,1)
  return {
    y: { value: multiply(g, x.value, mask), needsGradient: x.needsGradient },
    backward: (dy) => (x.needsGradient ? multiply(g, dy, mask) : undefined),
  };
};
