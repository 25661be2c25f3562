// Pictures in, loss out: normalisation, cross-entropy with label smoothing, and the count of right answers.
import {
  add,
  argmax,
  cast,
  equal,
  type Graph,
  multiply,
  oneHot,
  scale,
  softmaxCrossEntropy,
  total,
  type Value,
} from '../program/index.ts';

/** Per channel, of pictures in [0, 1]. */
export interface Statistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** uint8 or, in [0,1], float32 [N,H,W,C] -> float32 with the data set's mean 0 and deviation 1; `keep` [N,H,W,1] puts the mean into cutout's holes. */
export function normalise(
  g: Graph,
  pictures: Value,
  { statistics, keep }: { statistics: Statistics; keep?: Value | undefined },
): Value {
  const channels = pictures.shape[3] ?? 0;
  const white = pictures.dtype === 'uint8' ? 255 : 1;
  const factor = statistics.deviation.map((deviation) => 1 / (white * deviation));
  const shift = statistics.mean.map((mean, c) => -mean / (statistics.deviation[c] ?? 1));
  const scaled = multiply(g, cast(g, pictures, 'float32'), g.constant(factor, [channels]));
  const centred = add(g, scaled, g.constant(shift, [channels]));
  return keep === undefined ? centred : multiply(g, centred, cast(g, keep, 'float32'));
}

/** Sum over the batch of loss [nats] and right answers, and dLoss_sum/dlogits. A label of -1 counts for nothing. */
export function classify(
  g: Graph,
  logits: Value,
  { labels, smoothing = 0 }: { labels: Value; smoothing?: number },
) {
  const classes = logits.shape[1] ?? 0;
  const hard = oneHot(g, labels, classes);
  const target =
    smoothing === 0 ? hard : add(g, scale(g, hard, 1 - smoothing), g.scalar(smoothing / classes));
  const { loss, gradient } = softmaxCrossEntropy(g, logits, target);
  return {
    loss: total(g, loss),
    gradient,
    correct: total(g, equal(g, argmax(g, logits, 1), labels)),
  };
}
