// Fully connected layer: y = x W + b with W [in, out]; dx = dy B^T.
import { add, matmul, sum, type Value } from '../program/index.ts';
import type { Layer } from './layer.ts';
import { taught } from './lessons.ts';
import { nodeAt } from './nodes.ts';
import { declareBias, declareWeights } from './weights.ts';

export const dense =
  (units: number): Layer =>
  (at, x) => {
    const { g } = at;
    const features = x.value.shape[1] ?? 0;
    const fans = { in: features, out: units };
    const shape = [features, units];
    const { W, learn, send } = declareWeights(at, { shape, fans, input: [features] });
    const back = (B: Value, signal: Value) => matmul(g, signal, B, { transposeB: true });
    const bias = declareBias(at, units, fans);
    const y = add(g, matmul(g, x.value, W), bias.b); // (N, out)
    const study = taught(at, { x: x.value, y }, (lesson) => {
      learn(matmul(g, lesson.x, lesson.dy, { transposeA: true }));
      bias.learn(sum(g, lesson.dy, { axes: [0] }));
    });
    const node = nodeAt(at, y);
    return {
      y: { value: node.value, needsGradient: true },
      backward: (arrived) => {
        const dy = node.settle(arrived);
        study(dy);
        return x.needsGradient ? send(dy, { back, spread: back }) : undefined;
      },
    };
  };
