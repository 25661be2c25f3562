// What a learning rule is: only the weights through which a signal goes back (design D7).
// The gradient of a layer's own weights is always exact for the signal that arrives; ReLU, pooling and batch norm stay exact too.
// Notation (paper.md section 2): W weights, B feedback weights of W's shape, g the signal at the layer's output, dx = g through B.
import type { Graph, Initializer, Shape, Value } from '../program/index.ts';

/** The law that W and any feedback weights are drawn from: U[-bound, bound), whose standard deviation is `deviation`. */
export interface InitialLaw {
  readonly bound: number;
  readonly deviation: number;
}

/** Weights of one layer: a filter [k, k, Cin/groups, Cout] or a matrix [in, out]. */
export interface Weights {
  readonly shape: Shape;
  readonly law: InitialLaw;
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
  /** A fresh draw in [0, 1) of W's shape, another one each step. */
  uniform(): Value;
}

export interface LearningRule {
  /** As in the contract and in genotypes. */
  readonly name: string;
  readonly title: string;
  /** Where it was published. */
  readonly source: string;
  /** Variables beside W. */
  readonly variables: (weights: Weights) => readonly RuleVariable[];
  /** B of this step, of W's shape. */
  readonly feedback: (context: FeedbackContext) => Value;
}
