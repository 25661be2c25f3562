// Batch normalisation (Ioffe & Szegedy 2015): x [M,C] with M = N H W pixels, x̂ = (x - mean) / sqrt(variance + epsilon).
import { add, at, type NdArray, zeros } from '../array.ts';
import type { Kernels } from './kernel.ts';

/** (pixel, channel, offset) of every element. */
function forEachElement(x: NdArray, channels: number, visit: (c: number, i: number) => void): void {
  for (let i = 0; i < x.data.length; i++) visit(i % channels, i);
}

/** Sums over the pixels, per channel. */
function perChannel(x: NdArray, channels: number, term: (i: number, c: number) => number): NdArray {
  const sums = zeros([channels]);
  forEachElement(x, channels, (c, i) => add(sums.data, c, term(i, c)));
  return sums;
}

const scaled = (x: NdArray, factor: number): NdArray => ({
  ...x,
  data: x.data.map((element) => element * factor),
});

interface Moments {
  readonly mean: NdArray;
  /** biased */
  readonly variance: NdArray;
  readonly epsilon: number;
}

const normalized =
  (x: NdArray, { mean, variance, epsilon }: Moments) =>
  (i: number, c: number) =>
    (at(x.data, i) - at(mean.data, c)) / Math.sqrt(at(variance.data, c) + epsilon);

function affine(x: NdArray, [gamma, beta]: readonly [NdArray, NdArray], moments: Moments): NdArray {
  const y = zeros(x.shape);
  const hat = normalized(x, moments);
  forEachElement(x, gamma.data.length, (c, i) => {
    y.data[i] = at(gamma.data, c) * hat(i, c) + at(beta.data, c);
  });
  return y;
}

export const normalization: Kernels<'batchNorm' | 'batchNormGradient' | 'batchNormInference'> = {
  batchNorm: ([x, gamma, beta], { attributes: { epsilon } }) => {
    const c = gamma.data.length;
    const m = x.data.length / c;
    const mean = scaled(
      perChannel(x, c, (i) => at(x.data, i)),
      1 / m,
    );
    const squares = perChannel(x, c, (i, k) => (at(x.data, i) - at(mean.data, k)) ** 2);
    const variance = scaled(squares, 1 / m);
    const unbiased = scaled(squares, 1 / Math.max(m - 1, 1));
    const y = affine(x, [gamma, beta], { mean, variance, epsilon });
    return [y, mean, unbiased, mean, variance];
  },

  // dx = gamma / sqrt(variance + epsilon) (dy - mean(dy) - x̂ mean(dy x̂))
  batchNormGradient: ([dy, x, gamma, mean, variance], { attributes: { epsilon } }) => {
    const c = gamma.data.length;
    const m = x.data.length / c;
    const hat = normalized(x, { mean, variance, epsilon });
    const dbeta = perChannel(x, c, (i) => at(dy.data, i));
    const dgamma = perChannel(x, c, (i, k) => at(dy.data, i) * hat(i, k));
    const dx = zeros(x.shape);
    forEachElement(x, c, (k, i) => {
      const centred = at(dy.data, i) - (at(dbeta.data, k) + hat(i, k) * at(dgamma.data, k)) / m;
      dx.data[i] = (at(gamma.data, k) / Math.sqrt(at(variance.data, k) + epsilon)) * centred;
    });
    return [dx, dgamma, dbeta];
  },

  batchNormInference: ([x, gamma, beta, mean, variance], { attributes: { epsilon } }) => [
    affine(x, [gamma, beta], { mean, variance, epsilon }),
  ],
};
