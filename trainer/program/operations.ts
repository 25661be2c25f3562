// The operators of the step program and what each one is told besides its inputs.
// Every executor has one row a kind; TypeScript fails where a row is missing.
import type { Dtype, Shape, Variable } from './values.ts';

/** Explicit padding, as PyTorch counts it: symmetric or not, never "same". */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Groups follow from the shapes: input channels / filter's third side. */
export interface ConvolutionGeometry {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: Padding;
}

export interface PoolGeometry {
  readonly window: number;
  readonly stride: number;
  readonly padding: Padding;
}

type None = Readonly<Record<never, never>>;

/** Operands in the comments are the inputs in order. Elementwise pairs broadcast as numpy does. */
export interface Attributes {
  input: { readonly name: string };
  constant: { readonly data: readonly number[] };
  variable: { readonly variable: Variable };

  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  maximum: None;
  minimum: None;
  /** a < b as 0 or 1 in float32 */
  less: None;
  /** a == b as 0 or 1 in float32; operands of one dtype */
  equal: None;

  sqrt: None;
  abs: None;
  sign: None;
  square: None;
  floor: None;
  exp: None;
  log: None;
  relu: None;
  /** (dy, y): dy where y > 0 */
  reluGradient: None;
  cast: { readonly to: Dtype };

  /** (a, b): 2-D product */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** (x NHWC, w HWIO) */
  conv2d: ConvolutionGeometry;
  /** (w or feedback HWIO, dy): gradient of the input, whose shape is given */
  conv2dInputGradient: ConvolutionGeometry & { readonly inputShape: Shape };
  /** (x, dy): gradient of the filter, whose shape is given */
  conv2dFilterGradient: ConvolutionGeometry & { readonly filterShape: Shape };

  /** (x): padding never wins */
  maxPool: PoolGeometry;
  /** (x, y, dy) -> dx; the first maximum of a window in row-major order takes all */
  maxPoolGradient: PoolGeometry;
  /** (x): the mean over the pixels inside the picture (padding is not counted) */
  averagePool: PoolGeometry;
  /** (dy) -> dx */
  averagePoolGradient: PoolGeometry & { readonly inputShape: Shape };

  /** (x, gamma, beta) -> y, batch mean, batch variance with Bessel's correction (for running statistics), and two saved values for the gradient */
  batchNorm: { readonly epsilon: number };
  /** (dy, x, gamma, saved mean, saved variance) -> dx, dgamma, dbeta. `saved` are outputs 3 and 4 of batchNorm. */
  batchNormGradient: { readonly epsilon: number };
  /** (x, gamma, beta, mean, variance) */
  batchNormInference: { readonly epsilon: number };

  sum: { readonly axes: readonly number[]; readonly keepDims: boolean };
  mean: { readonly axes: readonly number[]; readonly keepDims: boolean };
  broadcast: { readonly shape: Shape };
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  concat: { readonly axis: number };
  slice: { readonly begin: readonly number[]; readonly size: Shape };
  /** with zeros; [before, after] per axis */
  pad: { readonly paddings: readonly (readonly [number, number])[] };

  /** (x, condition []): x where the condition is as `open` says, else absent. What reads an absent value is absent, an update by one does not happen. */
  gate: { readonly open: boolean };
  /** (a, b, ..): the one that is there; exactly one is */
  merge: None;

  /** (x): its sum over so many workers, who all wait for each other here; see Worker */
  allReduce: { readonly world: number };

  /** (logits [B,K], label distribution [B,K]) -> loss [B], dLoss/dlogits [B,K]. A row of zeros costs nothing. */
  softmaxCrossEntropy: None;
  argmax: { readonly axis: number };
  /** (int32 [B]) -> float32 [B, depth]; an index outside gives a row of zeros */
  oneHot: { readonly depth: number };
  /** (key int32 [2]) -> float32 in [0, 1): Philox4x32-10 of (key, stream), so that runs repeat and streams differ */
  randomUniform: { readonly shape: Shape; readonly stream: number };
}

export type OperationKind = keyof Attributes;

/** Kinds whose inputs and result are taken number by number. */
export type ElementwiseKind =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'less'
  | 'equal'
  | 'sqrt'
  | 'abs'
  | 'sign'
  | 'square'
  | 'floor'
  | 'exp'
  | 'log'
  | 'relu'
  | 'reluGradient'
  | 'cast';

/** Kinds that sum numbers up along axes, or lay them out anew. */
export type ArrangementKind =
  | 'sum'
  | 'mean'
  | 'broadcast'
  | 'reshape'
  | 'transpose'
  | 'concat'
  | 'slice'
  | 'pad';
