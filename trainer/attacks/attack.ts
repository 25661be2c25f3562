// What an attack is: it changes pictures within a bound so that a network tells them wrong. One attack a file.
// Attacks know a network by its answers and gradients alone (AttackedModel), and act in [0, 1], before normalisation.
import type { AttackName, Attack as AttackSettings } from '../../crds/index.ts';
import type { Random } from '../random.ts';

/** n pictures one after the other, [n,H,W,C] in [0, 1], and what they show. */
export interface Pictures {
  readonly x: Float32Array;
  /** [n] */
  readonly labels: Int32Array;
}

/** Of one picture. */
export interface PictureShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A network in evaluation, as an attack sees it. Every call may take any number of pictures. */
export interface AttackedModel extends PictureShape {
  readonly classes: number;
  /** Logits [n,K]. */
  answer(pictures: Pictures): Promise<Float32Array>;
  /**
   * Logits [n,K] and, for each picture, the gradient [n,H,W,C] of its cross-entropy with a distribution [n,K] over
   * classes (default: all on the label), as the signal says that this model was opened for.
   */
  slope(pictures: Pictures, target?: Float32Array): Promise<Slope>;
}

export interface Slope {
  readonly logits: Float32Array;
  readonly gradient: Float32Array;
}

export type Norm = 'linf' | 'l2';

/** How far, how long, and by which draws. */
export interface Strength {
  readonly norm: Norm;
  /** In units of [0, 1]; of one-pixel the number of pixels. */
  readonly bound: number;
  /** Gradients or answers asked for a picture: see Attack. */
  readonly budget: number;
  readonly random: Random;
}

export interface Attack {
  /** As in the contract. */
  readonly name: AttackName;
  /** Where it was published. */
  readonly source: string;
  /** Slopes of the network along a signal, its answers alone, or slopes of another network. */
  readonly asks: 'slopes' | 'answers' | 'surrogate';
  /** Gradients or answers asked for a picture at most. */
  budget(settings: AttackSettings): number;
  /** Bounds in pixels, where it bounds their number and no distance. */
  pixels?(settings: AttackSettings): readonly number[];
  /** Pictures within the bound of the originals, and within [0, 1]. `model` is asked one question at a time. */
  perturb(model: AttackedModel, pictures: Pictures, strength: Strength): Promise<Float32Array>;
}

/** The pictures at these places, in this order. */
export function picked({ x, labels }: Pictures, places: readonly number[]): Pictures {
  const size = x.length / labels.length;
  const chosen = new Float32Array(places.length * size);
  for (const [to, from] of places.entries())
    chosen.set(x.subarray(from * size, (from + 1) * size), to * size);
  return { x: chosen, labels: Int32Array.from(places, (from) => labels[from] ?? -1) };
}
