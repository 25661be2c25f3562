// Negative data without labels (Hinton 2022, section 3.2): a picture of the batch and the next one, mixed by a mask of large regions,
// so that what is near together is as in pictures and what is far apart is not. The mask is random bits, blurred and cut at the middle.
import type { Pass, PassContext } from '../learning-rules/index.ts';
import {
  add,
  concat,
  conv2d,
  less,
  multiply,
  padded,
  type Shape,
  slice,
  subtract,
  type Value,
} from '../program/index.ts';

/** Blurs by [1/4, 1/2, 1/4] along both sides; the paper says "repeatedly". */
const BLURS = 6;

export const hybridPictures: Pass = {
  name: 'forward-forward',
  pictures: (context) => {
    const { g, x } = context;
    const mask = regions(context, [...x.shape.slice(0, 3), 1]);
    const other = nextOf(context);
    return add(g, other, multiply(g, mask, subtract(g, x, other)));
  },
};

/** The batch, turned by one picture. */
function nextOf({ g, x }: PassContext): Value {
  const [n = 0, ...picture] = x.shape;
  const from = (at: number, count: number) => slice(g, x, [at, 0, 0, 0], [count, ...picture]);
  return n < 2 ? x : concat(g, [from(1, n - 1), from(0, 1)], 0);
}

/** 0 and 1 [N,H,W,1]. Bits around 0, so that the border of zeros counts for neither. */
function regions({ g, uniform }: PassContext, shape: Shape): Value {
  const bits = subtract(g, less(g, g.scalar(0.5), uniform(shape)), g.scalar(0.5));
  const taps = binomial(2 * BLURS);
  const kernel = taps.flatMap((a) => taps.map((b) => a * b));
  const filter = g.constant(kernel, [taps.length, taps.length, 1, 1]);
  const blurred = conv2d(g, bits, filter, { stride: 1, dilation: 1, padding: padded(BLURS) });
  return less(g, g.scalar(0), blurred);
}

/** (1/2, 1/2) folded with itself n times: n + 1 numbers that add up to 1. */
function binomial(n: number): number[] {
  const before = n === 1 ? [1] : binomial(n - 1);
  return Array.from({ length: n + 1 }, (_, i) => ((before[i] ?? 0) + (before[i - 1] ?? 0)) / 2);
}
