// What a lowering is: the nodes that one operation of the program becomes.
import type { Operation, OperationKind, Shape } from '../../../program/index.ts';
import type { Output } from '../c-api.ts';
import type { NodeAttributes, NodeInput } from '../graph-builder.ts';
import type { ConstantType } from '../tensors.ts';

/** Where one operation's nodes are put. */
export interface Site {
  /** Adds a node named after the operation; `role` is appended when it is not the operation's main node. */
  node(
    type: string,
    inputs: readonly NodeInput[],
    attributes?: NodeAttributes,
    role?: string,
  ): Output;
  constant(type: ConstantType, data: readonly number[], shape: Shape): Output;
  /** int32 [n], shared by all who ask for the same numbers */
  ints(values: readonly number[]): Output;
  /** VarHandleOp of a variable */
  handle(variable: string): Output;
  /** That of the operation, the same in every worker's process and in no other operation of the program. */
  readonly number: number;
}

/** The inputs in order, as many as the kind has: Graph's functions see to that. */
export type Operands = readonly [Output, Output, Output, Output, Output];

export type Lowering<K extends OperationKind> = (
  site: Site,
  operands: Operands,
  operation: Operation<K>,
) => readonly Output[];

/** A file's share of the table. */
export type Lowerings<K extends OperationKind> = { readonly [P in K]: Lowering<P> };
