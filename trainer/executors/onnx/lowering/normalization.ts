// Batch normalisation over [N,C,H,W]. ONNX Runtime's own operator knows no training outside of its training builds: moments are
// taken by reductions, and BatchNormalization, one pass over the pictures, does what is affine in them.
import type { Value } from '../../../program/index.ts';
import { NCHW, plainOf } from '../layout.ts';
import { type Lowerings, operandsOf, type Site } from './lowering.ts';

const PIXELS = [0, 2, 3] as const;

/** x scale + shift, per channel. */
function affine(site: Site, x: string, [scale, shift]: readonly [string, string], c: number) {
  const nothing = site.constant(Array(c).fill(0), [c]);
  const one = site.constant(Array(c).fill(1), [c]);
  return site.node('BatchNormalization', [x, scale, shift, nothing, one], {
    epsilon: { float: 0 },
  });
}

const pixelsOf = ({ shape: [n = 0, h = 0, w = 0] }: Value): number => n * h * w;

const vector = (tensor: string) => ({ tensor, layout: plainOf(1) });
const pictures = (tensor: string) => ({ tensor, layout: NCHW });

const perChannel = (site: Site, type: 'ReduceSum' | 'ReduceMean', x: string): string =>
  site.node(type, [x, site.ints(PIXELS)], { keepdims: 0 });

/** [C] as [C,1,1] */
const column = (site: Site, x: string): string => site.node('Unsqueeze', [x, site.ints([1, 2])]);

export const normalization: Lowerings<'batchNorm' | 'batchNormGradient' | 'batchNormInference'> = {
  batchNorm: (site, operation) => {
    const [input, gamma, beta] = operandsOf(operation);
    const { epsilon } = operation.attributes;
    const x = site.laid(input, NCHW);
    const m = pixelsOf(input);
    const mean = perChannel(site, 'ReduceMean', x);
    const centred = site.node('Sub', [x, column(site, mean)]);
    const variance = perChannel(site, 'ReduceMean', site.node('Mul', [centred, centred]));
    const unbiased = site.node('Mul', [variance, site.scalar(m / Math.max(m - 1, 1))]);
    const vectors = [gamma, beta].map((each) => site.laid(each, plainOf(1)));
    const y = site.node('BatchNormalization', [x, ...vectors, mean, variance], {
      epsilon: { float: epsilon },
    });
    return [pictures(y), ...[mean, unbiased, mean, variance].map(vector)];
  },

  // With s = 1 / sqrt(variance + epsilon), d = sum(dy), e = sum(dy (x - mean)):
  // dbeta = d, dgamma = s e, dx = gamma s dy - gamma s^3 e / M (x - mean) - gamma s d / M
  batchNormGradient: (site, operation) => {
    const [dyValue, xValue, gamma, meanValue, variance] = operandsOf(operation);
    const [dy, x] = [site.laid(dyValue, NCHW), site.laid(xValue, NCHW)];
    const [g, mean, v] = [gamma, meanValue, variance].map((each) =>
      site.laid(each, plainOf(1)),
    ) as [string, string, string];
    const c = gamma.shape[0] ?? 0;
    const { multiply, negate } = arithmeticOf(site);
    const perPixel = site.scalar(1 / pixelsOf(xValue));
    const epsilon = site.scalar(operation.attributes.epsilon);
    const s = site.node('Reciprocal', [site.node('Sqrt', [site.node('Add', [v, epsilon])])]);
    const d = perChannel(site, 'ReduceSum', dy);
    const centred = site.node('Sub', [x, column(site, mean)]);
    const e = perChannel(site, 'ReduceSum', multiply(dy, centred));
    const slope = multiply(g, s);
    const curve = negate(multiply(slope, multiply(multiply(s, s), multiply(e, perPixel))));
    const level = negate(multiply(slope, multiply(d, perPixel)));
    const shift = site.node('Sub', [level, multiply(curve, mean)]);
    const own = multiply(dy, column(site, slope));
    const dx = site.node('Add', [own, affine(site, x, [curve, shift], c)]);
    return [pictures(dx), vector(multiply(s, e)), vector(d)];
  },

  batchNormInference: (site, operation) => {
    const [x, ...vectors] = operation.inputs;
    const laid = vectors.map((each) => site.laid(each, plainOf(1)));
    const inputs = [site.laid(x as Value, NCHW), ...laid];
    const { epsilon } = operation.attributes;
    return [pictures(site.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }))];
  },
};

const arithmeticOf = (site: Site) => ({
  multiply: (a: string, b: string) => site.node('Mul', [a, b]),
  negate: (a: string) => site.node('Neg', [a]),
});
