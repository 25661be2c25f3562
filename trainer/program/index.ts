// Door of the step program.
export { createProgram, Graph, ProgramError } from './graph.ts';
export { inLowPrecision } from './in-low-precision.ts';
export type {
  Attributes,
  ConvolutionGeometry,
  OperationKind,
  Padding,
  PoolGeometry,
} from './operations.ts';
export * from './ops/arrangement.ts';
export * from './ops/branching.ts';
export * from './ops/classification.ts';
export * from './ops/collective.ts';
export * from './ops/convolution.ts';
export * from './ops/elementwise.ts';
export * from './ops/normalization.ts';
export * from './ops/pooling.ts';
export * from './program.ts';
export * from './values.ts';
