// Batch normalisation over N, H, W (Ioffe & Szegedy 2015), its gradient, and its inference form.
import type { Graph } from '../graph.ts';
import type { Value } from '../values.ts';

export interface Normalized {
  readonly y: Value;
  /** [C] */
  readonly mean: Value;
  /** [C], with Bessel's correction: what running statistics average, in PyTorch and TensorFlow alike */
  readonly variance: Value;
  /** What batchNormGradient wants back; opaque, as executors differ in what they keep. */
  readonly saved: readonly [Value, Value];
}

export function batchNorm(
  g: Graph,
  [x, gamma, beta]: readonly [x: Value, gamma: Value, beta: Value],
  epsilon: number,
): Normalized {
  const c = gamma.shape;
  const [y, mean, variance, first, second] = g.emit(
    'batchNorm',
    [x, gamma, beta],
    { epsilon },
    x.shape,
    c,
    c,
    c,
    c,
  ) as [Value, Value, Value, Value, Value];
  return { y, mean, variance, saved: [first, second] };
}

export function batchNormGradient(
  g: Graph,
  [dy, x, gamma]: readonly [dy: Value, x: Value, gamma: Value],
  { epsilon, saved }: { epsilon: number; saved: readonly [Value, Value] },
): { dx: Value; dgamma: Value; dbeta: Value } {
  const c = gamma.shape;
  const inputs = [dy, x, gamma, ...saved];
  const [dx, dgamma, dbeta] = g.emit('batchNormGradient', inputs, { epsilon }, x.shape, c, c) as [
    Value,
    Value,
    Value,
  ];
  return { dx, dgamma, dbeta };
}

export const batchNormInference = (
  g: Graph,
  [x, gamma, beta, mean, variance]: readonly [Value, Value, Value, Value, Value],
  epsilon: number,
): Value => g.emitOne('batchNormInference', [x, gamma, beta, mean, variance], { epsilon }, x.shape);
