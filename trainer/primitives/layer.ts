// What a layer is: a function that writes its forward pass into the graph and hands back its derivative beside it.
// Networks are compositions of layers; the derivative is written into the same graph when `backward` is called.
import type { LearningRule, Pass, Seen } from '../learning-rules/index.ts';
import type { Graph, Update, Value, Variable, Worker } from '../program/index.ts';
import type { VariableTable } from './variable-table.ts';

/** A tensor on its way through the network. */
export interface Signal {
  readonly value: Value;
  /** false for the pictures themselves: nobody below has weights. */
  readonly needsGradient: boolean;
}

/** A layer's output and, once the signal at it is known, the signal at its input (undefined where nobody needs it). */
export interface Step {
  readonly y: Signal;
  backward(dy: Value): Value | undefined;
}

/** What layers are taught by: the head that their signals come from. */
export interface Head {
  readonly classes: number;
  /** dLoss/dlogits [N, classes]; known from the beginning of the backward pass on. */
  error?: Value;
}

/** The name of the rule that a layer went by, and what its signal went back through, if it sent one. */
export interface Feedback {
  readonly B?: Value;
  readonly rule: string;
}

/** What layers ask of passes beside the first, and are told of them: see passes.ts. */
export interface Passes {
  /** By name. */
  readonly wanted: Map<string, Pass>;
  /** At layers that ask for passes, in this one, by the layer's path. */
  readonly seen: Map<string, Seen>;
  /** The same of further passes, by their names. */
  readonly others: Map<string, ReadonlyMap<string, Seen>>;
  /** What a further pass is shown, by its name: for `debug step`. */
  readonly shown: Map<string, Value>;
  /** Called on the way back, once all passes are written. */
  readonly lessons: (() => void)[];
}

/** Where the nodes of a network are in a pass, and where they go next: by the layer's path. */
export interface Nodes {
  /** Moves before layers learn, the most that any of them asks for. */
  steps: number;
  /** Empty in the first pass, where nodes are at their predictions. */
  readonly values: ReadonlyMap<string, Value>;
  readonly next: Map<string, Value>;
  /** Whether this is the pass that layers learn in: nodes move no more. */
  readonly last: boolean;
}

export type Mode = 'train' | 'evaluate';
export type Initialization = 'xavier' | 'kaiming';

/** Where a layer is being written: the graph, the shared variables, and what training collects. */
export interface Place {
  readonly g: Graph;
  readonly mode: Mode;
  readonly variables: VariableTable;
  /** Gradient of each parameter, and of feedback weights that learn, by the variable's name; filled by `backward`. */
  readonly gradients: Map<string, Value>;
  /** W of each layer with a learning rule, and what takes its steps beside it; filled by `backward`. */
  readonly learning: Map<Variable, readonly Variable[]>;
  /** Further passes through the network that layers learn by. */
  readonly passes: Passes;
  /** Values that stand at outputs of layers whose rules settle. */
  readonly nodes: Nodes;
  /** Feedback weights of this step by the layer's path, for metrics and `debug step`; those of a pass by its name. */
  readonly feedback: Map<string, Feedback>;
  /** 1 where what lies under a path is there, 0 where it is absent; by the path. Paths without one are always there. */
  readonly conditions: Map<string, Value>;
  /** Share of the newest batch in running statistics; default 0.1. */
  readonly newestShare?: Value;
  /** Set to see what backpropagation would do: the next backward pass sends exact signals, whatever the rules. */
  readonly backwards: { exact: boolean };
  /** Updates that are not the optimizer's: running statistics, and what learning rules keep. */
  readonly updates: Update[];
  /** Learning rule of the weights written here. */
  readonly rule: LearningRule;
  readonly initialization: Initialization;
  /** Whether batch norms have a gamma and beta of their own; default true. */
  readonly affine?: boolean;
  /** Largest size of a number in the gradients of weights and biases, and in the signals that learning rules send. */
  readonly largest?: number | undefined;
  /** What signals and gradients of weights are multiplied by (loss-scale.ts); default: 1. */
  readonly lossScale?: Value;
  /** Who trains here, by its part of each batch. */
  readonly worker: Worker;
  /** Gradients, by their variable's name, that are held to `largest` once they are those of all workers' parts; filled by `backward`. */
  readonly bounded: Set<string>;
  /** Networks open it; a lone layer has none. */
  readonly head?: Head | undefined;
  /** int32 [N]: what the pictures show. Only training knows. */
  readonly labels?: Value | undefined;
  /** int32 [2]: seed of the run, number of the step. */
  readonly key: Value;
  /** A number that no other random draw of the program has. */
  nextStream(): number;
}

export type Layer = (at: Place, x: Signal) => Step;

/** Writes `layer` under `segment`; variables and operations carry the path in their names. */
export const named =
  (segment: string, layer: Layer): Layer =>
  (at, x) => {
    const step = at.g.within(segment, () => layer(at, x));
    return { y: step.y, backward: (dy) => at.g.within(segment, () => step.backward(dy)) };
  };

/** Layers one after the other, each named. */
export const sequential =
  (...parts: readonly (readonly [name: string, layer: Layer])[]): Layer =>
  (at, x) => {
    const steps: Step[] = [];
    let y = x;
    for (const [name, layer] of parts) {
      const step = named(name, layer)(at, y);
      steps.push(step);
      y = step.y;
    }
    return {
      y,
      backward: (dy) => {
        let d: Value | undefined = dy;
        for (const step of steps.toReversed()) {
          if (d === undefined) return undefined;
          d = step.backward(d);
        }
        return d;
      },
    };
  };

/** `layer`, with its weights learning by `rule`. */
export const learningBy =
  (rule: LearningRule, layer: Layer): Layer =>
  (at, x) =>
    layer({ ...at, rule }, x);
