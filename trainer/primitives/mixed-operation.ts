// DARTS's mixed operation (Liu et al. 2019, eq. 2) over candidates that may learn by different rules: y = sum_i p_i op_i(x).
// Backward, candidate i gets p_i dy and learns and sends by its own rule; dLoss/dp_i = <dy, op_i(x)> is exact for the signal that
// arrives, which under other rules than backpropagation is a pseudo-signal (paper.md 5.1).
import { add, concat, multiply, reshape, slice, total, type Value } from '../program/index.ts';
import { sumOf } from './combination.ts';
import { type Layer, named } from './layer.ts';
import { zero } from './skip.ts';

/** One candidate of an edge; one without a layer adds zeros (DARTS's `none`). */
export interface Candidate {
  /** Path of its variables. */
  readonly name: string;
  readonly layer?: Layer;
}

export interface Mixture {
  readonly candidates: readonly Candidate[];
  /** Shares of the candidates [n], which sum to 1. */
  readonly p: Value;
  /** Takes dLoss/dp [n] once the signal has arrived. */
  learn(dp: Value): void;
  /** Of the candidates, for an edge of which none has a layer. */
  readonly stride: number;
}

export const mixedOperation =
  ({ candidates, p, learn, stride }: Mixture): Layer =>
  (at, x) => {
    const { g } = at;
    const written = candidates.map(({ name, layer }, i) => ({
      share: slice(g, p, [i], [1]),
      step: layer === undefined ? undefined : named(name, layer)(at, x),
    }));
    const parts = written.flatMap(({ share, step }) =>
      step === undefined ? [] : [multiply(g, step.y.value, share)],
    );
    const [first = zero(stride)(at, x).y.value, ...others] = parts;
    return {
      y: { value: others.reduce((sum, part) => add(g, sum, part), first), needsGradient: true },
      backward: (dy) => {
        const slopes = written.map(({ step }) =>
          step === undefined
            ? g.constant([0], [1])
            : reshape(g, total(g, multiply(g, dy, step.y.value)), [1]),
        );
        learn(concat(g, slopes, 0));
        const sent = written.map(({ share, step }) =>
          step?.y.needsGradient ? step.backward(multiply(g, dy, share)) : undefined,
        );
        return x.needsGradient ? sumOf(g, sent) : undefined;
      },
    };
  };
