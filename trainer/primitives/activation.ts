// ReLU, batch normalisation and the shapes between them. Their derivatives are exact under every learning rule.
import {
  add,
  batchNormGradient,
  batchNormInference,
  batchNorm as batchNormTraining,
  broadcast,
  mean,
  relu as rectify,
  reluGradient,
  reshape,
  scale,
  sizeOf,
  type Value,
} from '../program/index.ts';
import type { Layer, Place } from './layer.ts';

export const relu: Layer = ({ g }, x) => {
  const y = rectify(g, x.value);
  return {
    y: { value: y, needsGradient: x.needsGradient },
    backward: (dy) => (x.needsGradient ? reluGradient(g, dy, y) : undefined),
  };
};

export const identity: Layer = (_, x) => ({ y: x, backward: (dy) => dy });

const EPSILON = 1e-5;
/** Share of the newest batch in the running statistics, PyTorch's default. */
const MOMENTUM = 0.1;

function keepRunning(at: Place, name: string, batch: Value): void {
  const variable = statistic(at, name, batch.shape[0] ?? 0);
  const { g } = at;
  const kept = scale(g, g.read(variable), 1 - MOMENTUM);
  const value = add(g, kept, scale(g, batch, MOMENTUM));
  at.updates.push({ kind: 'assign', variable, value });
}

const statistic = (at: Place, name: string, channels: number) =>
  at.variables.declare(at.g, {
    name,
    shape: [channels],
    role: 'statistic',
    initializer: { kind: 'constant', value: name === 'runningVariance' ? 1 : 0 },
  });

/** Gamma and beta: trained where affine, else the constants 1 and 0. */
function scaleAndShift(at: Place, channels: number, affine: boolean) {
  const { g } = at;
  const one = (name: string, value: number) => {
    if (!affine) return { value: g.constant(Array(channels).fill(value), [channels]) };
    const variable = at.variables.declare(g, {
      name,
      shape: [channels],
      role: 'parameter',
      initializer: { kind: 'constant', value },
    });
    return { variable, value: g.read(variable) };
  };
  return { gamma: one('gamma', 1), beta: one('beta', 0) };
}

export const batchNorm =
  ({ affine = true }: { affine?: boolean } = {}): Layer =>
  (at, x) => {
    const { g } = at;
    const channels = x.value.shape[3] ?? 0;
    const { gamma, beta } = scaleAndShift(at, channels, affine);
    if (at.mode === 'evaluate') {
      const running = (name: string) => g.read(statistic(at, name, channels));
      const from = [
        x.value,
        gamma.value,
        beta.value,
        running('runningMean'),
        running('runningVariance'),
      ] as const;
      const value = batchNormInference(g, from, EPSILON);
      return {
        y: { value, needsGradient: true },
        backward: () => g.refuse('no gradient in evaluation'),
      };
    }
    const normalized = batchNormTraining(g, [x.value, gamma.value, beta.value], EPSILON);
    keepRunning(at, 'runningMean', normalized.mean);
    keepRunning(at, 'runningVariance', normalized.variance);
    return {
      y: { value: normalized.y, needsGradient: true },
      backward: (dy) => {
        const how = { epsilon: EPSILON, saved: normalized.saved };
        const { dx, dgamma, dbeta } = batchNormGradient(g, [dy, x.value, gamma.value], how);
        if (gamma.variable !== undefined) at.gradients.set(gamma.variable.name, dgamma);
        if (beta.variable !== undefined) at.gradients.set(beta.variable.name, dbeta);
        return x.needsGradient ? dx : undefined;
      },
    };
  };

/** [N,H,W,C] -> [N, H*W*C] */
export const flatten: Layer = ({ g }, x) => {
  const [n = 0, ...rest] = x.value.shape;
  return {
    y: { value: reshape(g, x.value, [n, sizeOf(rest)]), needsGradient: x.needsGradient },
    backward: (dy) => reshape(g, dy, x.value.shape),
  };
};

/** [N,H,W,C] -> [N,C] */
export const globalAveragePool: Layer = ({ g }, x) => {
  const [n = 0, h = 0, w = 0, c = 0] = x.value.shape;
  return {
    y: { value: mean(g, x.value, { axes: [1, 2] }), needsGradient: x.needsGradient },
    backward: (dy) => {
      const each = reshape(g, scale(g, dy, 1 / (h * w)), [n, 1, 1, c]);
      return broadcast(g, each, x.value.shape);
    },
  };
};
