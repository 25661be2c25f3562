// Partial channels (PC-DARTS, Xu et al. 2020): a mixture sees one k-th of the channels, the others go past it; then they are
// shuffled, so that the next edge sees others. About k times less memory and time.
import { pad, reshape, type Shape, slice, transpose, type Value } from '../program/index.ts';
import { concatenated } from './combination.ts';
import { type Layer, type Place, sequential } from './layer.ts';
import { maxPool } from './pooling.ts';
import { identity } from './skip.ts';

export interface PartialChannels {
  /** k; divides the channels. */
  readonly of: number;
  /** 1, or 2 for pictures of even sides. */
  readonly stride: number;
}

/** `layer` keeps its channels. [N,H,W,C] -> [N,H/stride,W/stride,C] */
export const partialChannels = ({ of, stride }: PartialChannels, layer: Layer): Layer => {
  if (of === 1) return layer;
  const past = stride === 1 ? identity : maxPool({ window: 2, stride });
  return sequential(
    [
      'partial',
      concatenated(
        ['mixed', sequential(['part', channels(0, of)], ['edge', layer])],
        ['past', sequential(['part', channels(1, of)], ['edge', past])],
      ),
    ],
    ['shuffle', shuffled(of)],
  );
};

const NONE = [0, 0] as const;

/** The first k-th (0) or the others (1). */
const channels =
  (which: 0 | 1, of: number): Layer =>
  ({ g }, x) => {
    const [n = 0, h = 0, w = 0, c = 0] = x.value.shape;
    const part = c / of;
    const [begin, size] = which === 0 ? [0, part] : [part, c - part];
    const value = slice(g, x.value, [0, 0, 0, begin], [n, h, w, size]);
    const sides = [begin, c - begin - size] as const;
    return {
      y: { value, needsGradient: x.needsGradient },
      backward: (dy) => (x.needsGradient ? pad(g, dy, [NONE, NONE, NONE, sides]) : undefined),
    };
  };

/** Channel i k-th + j becomes channel j k + i. */
const shuffled =
  (of: number): Layer =>
  ({ g }, x) => {
    const [n = 0, h = 0, w = 0, c = 0] = x.value.shape;
    return {
      y: { ...x, value: swapped(g, x.value, [n, h, w, of, c / of]) },
      backward: (dy) => swapped(g, dy, [n, h, w, c / of, of]),
    };
  };

/** Channels seen as a table of the last two sides, transposed. */
function swapped(g: Place['g'], x: Value, table: Shape): Value {
  return reshape(g, transpose(g, reshape(g, x, table), [0, 1, 2, 4, 3]), x.shape);
}
