// What a learning rule is: what signal a layer sends back (design D7) and, where not the one that arrives, what it learns by itself.
// The gradient of a layer's own weights is always exact for that signal; ReLU, pooling and batch norm stay exact too.
// Notation (paper.md section 2): W weights, B feedback weights, dy the signal at the layer's output, dx the one at its input,
// e the error of the network's output.
import type { Graph, Initializer, Shape, Value } from '../program/index.ts';
import type { Lesson, LessonContext, Pass } from './pass.ts';

/** The law that W and any feedback weights are drawn from: U[-bound, bound), whose standard deviation is `deviation`. */
export interface InitialLaw {
  readonly bound: number;
  readonly deviation: number;
}

/** Weights of one layer: a filter [k, k, Cin/groups, Cout] or a matrix [in, out]. */
export interface Weights {
  readonly shape: Shape;
  readonly law: InitialLaw;
  /** Of one picture at the layer's input: [H, W, C] or [in]. */
  readonly input: Shape;
  /** K of the head above. */
  classes(): number;
  /** Of weights that bring an error of K classes to the layer's input: [k, k, Cin, K] or [in, K], whatever the groups. */
  projection(): { readonly shape: Shape; readonly law: InitialLaw };
}

/** A variable that a rule keeps beside W; it is saved in checkpoints and not counted as a parameter. */
export interface RuleVariable {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** The optimizer gives it the step of W's gradient, decayed by its own weight decay. Default: it stays as it is. */
  readonly learns?: boolean;
}

export interface FeedbackContext {
  readonly g: Graph;
  readonly W: Value;
  readonly weights: Weights;
  /** The rule's own variables, by name. */
  readonly state: Readonly<Record<string, Value>>;
  /** A fresh draw in [0, 1), of W's shape unless told, another one each step. */
  uniform(shape?: Shape): Value;
  /** What the rule's own variable of this name holds from the next step on. */
  keep(name: string, value: Value): void;
}

export interface SignalContext extends FeedbackContext {
  /** The signal at the layer's output. */
  readonly dy: Value;
  /** e = dLoss/dlogits of the head above [N, K]. */
  error(): Value;
  /** The labels, one-hot, over N: [N, K]. Only training has them. */
  target(): Value;
  /** The layer's own way back, with B where W would stand. */
  back(B: Value, dy: Value): Value;
  /** The same for a signal [N, n] that every place of the layer's output has; B [.., n]. */
  spread(B: Value, signal: Value): Value;
}

/** The signal at the layer's input, and the weights that it came through. */
export interface Sent {
  readonly dx: Value;
  readonly B: Value;
}

export interface NodeContext {
  readonly g: Graph;
  /** Where the node is, and what the layer predicts: [N,...] as its output. */
  readonly value: Value;
  readonly prediction: Value;
  /** The slope at the node of all that is above, each picture's own. */
  readonly dy: Value;
}

export interface LearningRule {
  /** As in the contract and in genotypes. */
  readonly name: string;
  readonly title: string;
  /** Where it was published. */
  readonly source: string;
  /** Variables beside W. */
  readonly variables: (weights: Weights) => readonly RuleVariable[];
  /** Called in the backward pass, only where a signal goes further back. Undefined: the layer sends none. */
  readonly send: (context: SignalContext) => Sent | undefined;
  /**
   * What the layer's own weights learn by, whether or not a signal arrives: it compares the first pass with one more.
   * Default: the layer's input and the signal at its output.
   */
  readonly lessons?: {
    readonly pass: Pass;
    readonly give: (context: LessonContext) => Lesson;
  };
  /**
   * What stands at the layer's output in training is a node that moves for some steps before anything learns; then the layer learns by
   * the node's error and sends that back. Default: no node.
   */
  readonly settles?: {
    readonly steps: number;
    /** Where the node is after a step. */
    readonly move: (context: NodeContext) => Value;
  };
}

/** Sends the signal through feedback weights in place of W: `feedback` gives this step's B, of W's shape. */
export const through =
  (feedback: (context: FeedbackContext) => Value): LearningRule['send'] =>
  (context) => {
    const { g, weights, dy, back } = context;
    const B = feedback(context);
    if (B.shape.join() !== weights.shape.join())
      g.refuse(`feedback weights [${B.shape}] for weights [${weights.shape}]`);
    return { dx: back(B, dy), B };
  };
