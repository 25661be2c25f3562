// Weights of a layer, what its learning rule keeps beside them, and the signal that the rule sends back.
import type { InitialLaw, SignalContext, Weights } from '../learning-rules/index.ts';
import {
  oneHot,
  randomUniform,
  type Shape,
  scale,
  sizeOf,
  type Value,
  type Variable,
} from '../program/index.ts';
import type { Initialization, Place } from './layer.ts';
import { clampScaled, scaledUp } from './loss-scale.ts';

/** Fan in and fan out as PyTorch counts them (fan out ignores groups). */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** xavier: U(+-sqrt(6/(fi+fo))). kaiming: U(+-1/sqrt(fi)), PyTorch's default. */
export function initialLaw(initialization: Initialization, fans: Fans): InitialLaw {
  const bound =
    initialization === 'xavier' ? Math.sqrt(6 / (fans.in + fans.out)) : 1 / Math.sqrt(fans.in);
  return { bound, deviation: bound / Math.sqrt(3) };
}

export interface DeclaredWeights {
  readonly W: Value;
  /** Hands the exact gradient of W over: to W, and to whatever its rule lets learn with it. */
  learn(dW: Value): void;
  /** Writes the signal at the layer's input into the graph, by its rule, if that sends one: only where a signal goes further back. */
  send(dy: Value, ways: Ways): Value | undefined;
}

/** A layer's ways back: see SignalContext. */
export type Ways = Pick<SignalContext, 'back' | 'spread'>;

export interface WeightsPlan {
  /** [k, k, Cin/groups, Cout] or [in, out] */
  readonly shape: Shape;
  readonly fans: Fans;
  /** Of one picture at the layer's input: [H, W, C] or [in]. */
  readonly input: Shape;
}

/** Declares W, and whatever its rule keeps beside it, at this place. */
export function declareWeights(at: Place, { shape, fans, input }: WeightsPlan): DeclaredWeights {
  const { g, rule } = at;
  const path = g.path;
  const law = initialLaw(at.initialization, fans);
  const variable = at.variables.declare(g, {
    name: 'weight',
    shape,
    role: 'parameter',
    initializer: { kind: 'uniform', bound: law.bound },
  });
  const classes = () => classesOf(at);
  const projection = () => projectionOf(at, [...shape.slice(0, -2), input.at(-1) ?? 0], classes());
  const weights: Weights = { shape, law, input, classes, projection };
  const kept = rule.variables(weights).map(({ learns = false, ...own }) => {
    const declared = at.variables.declare(g, { ...own, role: 'feedback' });
    return { name: own.name, learns, variable: declared };
  });
  const W = g.read(variable);
  return {
    W,
    learn: (dW) => {
      const learning = kept.filter(({ learns }) => learns).map((own) => own.variable);
      at.learning.set(variable, learning);
      const bounded = clippedGradient(at, dW);
      for (const { name } of [variable, ...learning]) keepGradient(at, name, bounded);
    },
    send: (dy, ways) => {
      if (at.backwards.exact) return ways.back(W, dy);
      const own = { ...memoryOf(at, kept), ...draws(at, shape), ...lesson(at) };
      const sent = rule.send({ g, W, weights, ...own, dy, ...ways });
      if (sent === undefined) return undefined;
      at.feedback.set(path, { B: sent.B, rule: rule.name });
      return clippedSignal(at, sent.dx);
    },
  };
}

/** Backpropagation that a look or an attack asks for stays exact. A part's signals are as many times larger as there are parts. */
function clippedSignal(at: Place, dx: Value): Value {
  const { largest, backwards, worker } = at;
  return largest === undefined || backwards.exact
    ? dx
    : clampScaled(at, dx, largest * worker.world);
}

/** That of a part stays as it is: its mean over all parts is clipped. */
const clippedGradient = (at: Place, dW: Value): Value =>
  at.worker.world === 1 ? clippedSignal(at, dW) : dW;

function keepGradient({ gradients, bounded }: Place, name: string, gradient: Value): void {
  gradients.set(name, gradient);
  bounded.add(name);
}

interface Kept {
  readonly name: string;
  readonly variable: Variable;
}

/** What a rule reads and writes of its own. */
function memoryOf({ g, updates }: Place, kept: readonly Kept[]) {
  const state = Object.fromEntries(kept.map(({ name, variable }) => [name, g.read(variable)]));
  const keep = (name: string, value: Value) => {
    const variable =
      kept.find((own) => own.name === name)?.variable ??
      g.refuse(`the rule has no variable ${name}`);
    updates.push({ kind: 'assign', variable, value });
  };
  return { state, keep };
}

const draws = (at: Place, own: Shape) => ({
  uniform: (shape = own) => randomUniform(at.g, at.key, { shape, stream: at.nextStream() }),
});

/** What the head above knows, and the labels. */
const lesson = (at: Place) => ({
  error: () => at.head?.error ?? at.g.refuse('no head says what its error is'),
  target: () => {
    const labels = at.labels ?? at.g.refuse('there are no labels here');
    const share = 1 / (labels.shape[0] ?? 1);
    return scaledUp(at, scale(at.g, oneHot(at.g, labels, classesOf(at)), share));
  },
});

const classesOf = ({ g, head }: Place): number =>
  head?.classes ?? g.refuse('no head says how many classes there are');

/** Of weights from the head's classes to `inner`, [k, k, Cin] or [in]. */
function projectionOf({ initialization }: Place, inner: Shape, classes: number) {
  const taps = sizeOf(inner.slice(0, -1));
  const fans = { in: sizeOf(inner), out: classes * taps };
  return { shape: [...inner, classes], law: initialLaw(initialization, fans) };
}

export interface DeclaredBias {
  readonly b: Value;
  learn(db: Value): void;
}

/** Declares a bias [n]: zeros under xavier, U(+-1/sqrt(fi)) under kaiming. */
export function declareBias(at: Place, n: number, fans: Fans): DeclaredBias {
  const variable = at.variables.declare(at.g, {
    name: 'bias',
    shape: [n],
    role: 'parameter',
    initializer:
      at.initialization === 'xavier'
        ? { kind: 'constant', value: 0 }
        : { kind: 'uniform', bound: 1 / Math.sqrt(fans.in) },
  });
  const learn = (db: Value) => keepGradient(at, variable.name, clippedGradient(at, db));
  return { b: at.g.read(variable), learn };
}
