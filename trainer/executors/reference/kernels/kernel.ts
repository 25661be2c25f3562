// What a kernel is: an operation's outputs as a function of its inputs, in float64.
import type { Operation, OperationKind } from '../../../program/index.ts';
import type { NdArray } from '../array.ts';

/** What a step knows besides its operations. */
export interface Surroundings {
  fed(input: string): NdArray;
  /** the variable's value at the start of the step */
  variable(name: string): NdArray;
}

/** The inputs in order, as many as the kind has: Graph's functions see to that. */
export type Operands = readonly [NdArray, NdArray, NdArray, NdArray, NdArray];

export type Kernel<K extends OperationKind> = (
  operands: Operands,
  operation: Operation<K>,
  surroundings: Surroundings,
) => readonly NdArray[];

/** A file's share of the table. */
export type Kernels<K extends OperationKind> = { readonly [P in K]: Kernel<P> };
