// What a network is to training: from pictures to logits, and back. One family of networks a file.
import type { Place, Signal } from '../primitives/index.ts';
import type { Value } from '../program/index.ts';

/** Pictures' size and the number of classes. */
export interface Task {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}

export interface Heads {
  /** [N, classes] */
  readonly logits: Value;
  /** [N, classes] of the auxiliary head, in training only. */
  readonly auxiliary?: Value;
  /** Writes the whole backward pass; gradients land in the place. */
  backward(dLogits: Value, dAuxiliary?: Value): void;
}

/** Writes a network into the graph. The same function writes training and evaluation. */
export type Network = (at: Place, pictures: Signal) => Heads;
