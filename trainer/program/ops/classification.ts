// What a classifier's loss needs, and randomness that a seed repeats.
import type { Graph } from '../graph.ts';
import type { Shape, Value } from '../values.ts';

/** logits [B,K], labels as distributions [B,K] -> loss [B] and its gradient by the logits [B,K]. */
export function softmaxCrossEntropy(
  g: Graph,
  logits: Value,
  labels: Value,
): { loss: Value; gradient: Value } {
  const [batch = 0] = logits.shape;
  const outputs = g.emit('softmaxCrossEntropy', [logits, labels], {}, [batch], logits.shape);
  const [loss, gradient] = outputs as [Value, Value];
  return { loss, gradient };
}

export const argmax = (g: Graph, x: Value, axis: number): Value =>
  g.emitOne(
    'argmax',
    [x],
    { axis },
    { shape: x.shape.filter((_, i) => i !== axis), dtype: 'int32' },
  );

export const oneHot = (g: Graph, indices: Value, depth: number): Value =>
  g.emitOne('oneHot', [indices], { depth }, [...indices.shape, depth]);

/** Uniform in [0, 1). `key` is int32 [2]: the run's seed and the step. Streams of one key are independent. */
export const randomUniform = (
  g: Graph,
  key: Value,
  { shape, stream }: { shape: Shape; stream: number },
): Value => g.emitOne('randomUniform', [key], { shape, stream }, shape);
