// What a kernel is: an operation's outputs as a function of its inputs, in float64.
import type { Operation, OperationKind } from '../../../program/index.ts';
import type { NdArray } from '../array.ts';
import type { Meeting } from '../meeting.ts';

/** What a step knows besides its operations. */
export interface Surroundings {
  fed(input: string): NdArray;
  /** the variable's value at the start of the step */
  variable(name: string): NdArray;
  /** Where workers sum up. */
  readonly meeting: Meeting;
}

/** The inputs in order, as many as the kind has: Graph's functions see to that. */
export type Operands = readonly [NdArray, NdArray, NdArray, NdArray, NdArray];

/** Awaited only where others have to be. */
export type Computed = readonly NdArray[] | Promise<readonly NdArray[]>;

export type Kernel<K extends OperationKind, Result extends Computed = readonly NdArray[]> = (
  operands: Operands,
  operation: Operation<K>,
  surroundings: Surroundings,
) => Result;

/** A file's share of the table. */
export type Kernels<K extends OperationKind, Result extends Computed = readonly NdArray[]> = {
  readonly [P in K]: Kernel<P, Result>;
};
