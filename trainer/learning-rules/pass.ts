// A further pass: in training the network answers once more, to other pictures, and layers learn by what stands at them in both.
// Weights, dropped paths and the mode are those of the first pass; nothing that a pass leaves behind is kept.
import type { Graph, Initializer, Shape, Value } from '../program/index.ts';

export interface PassContext {
  readonly g: Graph;
  /** The pictures of the first pass, normalised [N,H,W,C]. */
  readonly x: Value;
  /** e of each picture: softmax - target [N,K], the gradient of its own loss at the logits. */
  readonly error: Value;
  /** A variable of the pass's own that stays as it was drawn: feedback weights of the whole network. */
  fixed(shape: Shape, initializer: Initializer): Value;
  /** A fresh draw in [0, 1) for each picture [N,...], another one each step. */
  uniform(shape: Shape): Value;
}

export interface Pass {
  /** Layers that ask for passes of one name share one. */
  readonly name: string;
  /** What the network is shown [N,H,W,C]. */
  readonly pictures: (context: PassContext) => Value;
}

/** What stands at a layer in a pass: its input, and its output before any activation. */
export interface Seen {
  readonly x: Value;
  readonly y: Value;
}

/** What a layer's own weights learn by. dW is the exact gradient for input x and signal dy, db is dy's sum. */
export interface Lesson {
  readonly x: Value;
  readonly dy: Value;
}

export interface LessonContext {
  readonly g: Graph;
  readonly first: Seen;
  readonly again: Seen;
  /** dLoss/dlogits [N,K] where the layer's output is what the head answers. */
  readonly error?: Value | undefined;
}
