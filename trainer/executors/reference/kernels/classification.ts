// The classifier's loss, its targets, and randomness.
import { at, indicesOf, offset, stridesOf, zeros } from '../array.ts';
import { uniform } from '../philox.ts';
import type { Kernel, Kernels } from './kernel.ts';

/** loss = -sum_k y_k log p_k with p = softmax(z); dloss/dz = p sum(y) - y */
const softmaxCrossEntropy: Kernel<'softmaxCrossEntropy'> = ([logits, labels]) => {
  const [batch = 0, classes = 0] = logits.shape;
  const [loss, gradient] = [zeros([batch]), zeros(logits.shape)];
  for (let b = 0; b < batch; b++) {
    const z = logits.data.subarray(b * classes, (b + 1) * classes);
    const y = labels.data.subarray(b * classes, (b + 1) * classes);
    const peak = Math.max(...z);
    const logSum = peak + Math.log(z.reduce((sum, zk) => sum + Math.exp(zk - peak), 0));
    const mass = y.reduce((sum, yk) => sum + yk, 0);
    loss.data[b] = y.reduce((sum, yk, k) => sum + yk * (logSum - at(z, k)), 0);
    gradient.data.set(
      z.map((zk, k) => Math.exp(zk - logSum) * mass - at(y, k)),
      b * classes,
    );
  }
  return [loss, gradient];
};

/** The first of equal maxima. */
const argmax: Kernel<'argmax'> = ([x], { attributes: { axis }, outputs: [value] }) => {
  const y = zeros(value?.shape ?? [], 'int32');
  const strides = stridesOf(x.shape);
  const step = strides[axis] ?? 1;
  let i = 0;
  for (const index of indicesOf(y.shape)) {
    const start = offset(index.toSpliced(axis, 0, 0), strides);
    let best = 0;
    for (let k = 1; k < (x.shape[axis] ?? 0); k++)
      if (at(x.data, start + k * step) > at(x.data, start + best * step)) best = k;
    y.data[i++] = best;
  }
  return [y];
};

export const classification: Kernels<
  'softmaxCrossEntropy' | 'argmax' | 'oneHot' | 'randomUniform'
> = {
  softmaxCrossEntropy,
  argmax,
  oneHot: ([indices], { attributes: { depth } }) => {
    const y = zeros([...indices.shape, depth]);
    indices.data.forEach((k, i) => {
      if (k >= 0 && k < depth) y.data[i * depth + k] = 1;
    });
    return [y];
  },
  randomUniform: ([key], { attributes: { shape, stream } }) => {
    const y = zeros(shape);
    y.data.set(uniform(y.data.length, [at(key.data, 0), at(key.data, 1)], stream));
    return [y];
  },
};
