// Batch normalisation as a layer: batch statistics in training, running ones in evaluation. Exact under every learning rule.
import {
  add,
  batchNormGradient,
  batchNormInference,
  batchNorm as batchNormTraining,
  divide,
  type Graph,
  multiply,
  scale,
  sqrt,
  subtract,
  type Value,
  type Variable,
} from '../program/index.ts';
import type { Layer, Place, Signal, Step } from './layer.ts';

const EPSILON = 1e-5;
/** Share of the newest batch in the running statistics, PyTorch's default. */
const MOMENTUM = 0.1;

/** Gamma or beta: trained where affine, else the constant it starts from. */
interface Affine {
  readonly variable?: Variable;
  readonly value: Value;
}

interface ScaleAndShift {
  readonly gamma: Affine;
  readonly beta: Affine;
}

/** (x - mean) / sqrt(variance + 1e-5), times gamma, plus beta where `affine` (default: as the place says). [N,H,W,C], statistics [C]. */
export const batchNorm =
  ({ affine }: { affine?: boolean } = {}): Layer =>
  (at, x) => {
    const channels = x.value.shape[3] ?? 0;
    const learned = scaleAndShift(at, channels, affine ?? at.affine ?? true);
    return at.mode === 'train' ? byBatch(at, x, learned) : byRunning(at, x, learned);
  };

function scaleAndShift(at: Place, channels: number, affine: boolean): ScaleAndShift {
  const { g } = at;
  const one = (name: string, value: number): Affine => {
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

function byBatch(at: Place, x: Signal, { gamma, beta }: ScaleAndShift): Step {
  const { g } = at;
  const normalized = batchNormTraining(g, [x.value, gamma.value, beta.value], EPSILON);
  keepRunning(at, 'runningMean', normalized.mean);
  keepRunning(at, 'runningVariance', normalized.variance);
  return {
    y: { value: normalized.y, needsGradient: x.needsGradient || gamma.variable !== undefined },
    backward: (dy) => {
      const how = { epsilon: EPSILON, saved: normalized.saved };
      const { dx, dgamma, dbeta } = batchNormGradient(g, [dy, x.value, gamma.value], how);
      if (gamma.variable !== undefined) at.gradients.set(gamma.variable.name, dgamma);
      if (beta.variable !== undefined) at.gradients.set(beta.variable.name, dbeta);
      return x.needsGradient ? dx : undefined;
    },
  };
}

/** The statistics are constants here, so the derivative is a factor a channel: what attacks follow. */
function byRunning(at: Place, x: Signal, { gamma, beta }: ScaleAndShift): Step {
  const { g } = at;
  const channels = x.value.shape[3] ?? 0;
  const mean = g.read(statistic(at, 'runningMean', channels));
  const variance = g.read(statistic(at, 'runningVariance', channels));
  const from = [x.value, gamma.value, beta.value, mean, variance] as const;
  const value = batchNormInference(g, from, EPSILON);
  return {
    y: { value, needsGradient: x.needsGradient },
    backward: (dy) =>
      x.needsGradient ? multiply(g, dy, slope(g, gamma.value, variance)) : undefined,
  };
}

const slope = (g: Graph, gamma: Value, variance: Value): Value =>
  divide(g, gamma, sqrt(g, add(g, variance, g.scalar(EPSILON))));

function keepRunning(at: Place, name: StatisticName, batch: Value): void {
  const variable = statistic(at, name, batch.shape[0] ?? 0);
  const { g } = at;
  const value = moved(at, g.read(variable), batch);
  at.updates.push({ kind: 'assign', variable, value });
}

/** (1 - share) old + share batch: of a share of 1 nothing of the old stays, to the last bit. */
function moved({ g, newestShare }: Place, old: Value, batch: Value): Value {
  if (newestShare === undefined)
    return add(g, scale(g, old, 1 - MOMENTUM), scale(g, batch, MOMENTUM));
  const others = subtract(g, g.scalar(1), newestShare);
  return add(g, multiply(g, old, others), multiply(g, batch, newestShare));
}

const STARTS = { runningMean: 0, runningVariance: 1 } as const;
type StatisticName = keyof typeof STARTS;

const statistic = (at: Place, name: StatisticName, channels: number): Variable =>
  at.variables.declare(at.g, {
    name,
    shape: [channels],
    role: 'statistic',
    initializer: { kind: 'constant', value: STARTS[name] },
  });
