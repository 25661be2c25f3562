// A network that attacks can be reckoned by hand for: logits = x W, so the steepest direction is the same everywhere.

import { softmax } from '../../trainer/attacks/answers.ts';
import type { AttackedModel } from '../../trainer/attacks/index.ts';
import { Random } from '../../trainer/random.ts';

export interface LinearModel extends AttackedModel {
  /** Column k: weights of class k. */
  readonly W: readonly Float64Array[];
  /** Pictures that were asked about so far. */
  readonly asked: { answers: number; slopes: number };
}

export interface LinearShape {
  readonly height?: number;
  readonly width?: number;
  readonly channels?: number;
  readonly classes?: number;
  readonly seed?: number;
}

export function makeLinearModel(shape: LinearShape = {}): LinearModel {
  const { height = 7, width = 6, channels = 3, classes = 4, seed = 1 } = shape;
  const random = Random.fromSeed(seed);
  const size = height * width * channels;
  const W = Array.from({ length: classes }, () =>
    Float64Array.from({ length: size }, () => random.uniform() - 0.5),
  );
  const asked = { answers: 0, slopes: 0 };
  const logitsOf = (x: Float32Array): Float32Array =>
    Float32Array.from({ length: (x.length / size) * classes }, (_, at) => {
      const from = Math.floor(at / classes) * size;
      return W[at % classes]!.reduce((sum, weight, i) => sum + weight * x[from + i]!, 0);
    });
  return {
    ...{ height, width, channels, classes, W, asked },
    async answer({ x, labels }) {
      asked.answers += labels.length;
      return logitsOf(x);
    },
    async slope({ x, labels }, target) {
      asked.slopes += labels.length;
      const logits = logitsOf(x);
      const p = softmax(logits, classes);
      const wanted = (i: number, k: number) =>
        target?.[i * classes + k] ?? (k === labels[i] ? 1 : 0);
      const gradient = x.map((_, at) => {
        const [i, pixel] = [Math.floor(at / size), at % size];
        return W.reduce((sum, w, k) => sum + (p[i * classes + k]! - wanted(i, k)) * w[pixel]!, 0);
      });
      return { logits, gradient };
    },
  };
}
