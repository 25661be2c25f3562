// What a lowering is: the nodes that one operation of the program becomes.
import type { AttributeValue } from '../../../onnx-model/index.ts';
import type { Operation, OperationKind, Shape, Value } from '../../../program/index.ts';
import type { Layout } from '../layout.ts';

export type NodeAttributes = Readonly<Record<string, AttributeValue>>;

/** A value's tensor, and how it lies. */
export interface Placed {
  readonly tensor: string;
  readonly layout: Layout;
}

/** A value that is made where it is read, in the layout that is asked for: zeros, a stretched number. */
export interface Lazy {
  readonly make: (site: Site, layout: Layout) => string;
}

/** Providers differ in the operators that they have. */
export type Provider = 'cpu' | 'webgpu';

/** Where one operation's nodes are put. */
export interface Site {
  readonly provider: Provider;
  /** Adds a node named after the operation. `com.microsoft.` opens the types that ONNX Runtime has beyond ONNX. */
  node(type: string, inputs: readonly string[], attributes?: NodeAttributes): string;
  /** The same, with several outputs. */
  nodeOf(
    outputs: number,
    type: string,
    inputs: readonly string[],
    attributes?: NodeAttributes,
  ): readonly string[];
  /** float32 */
  constant(data: readonly number[], shape: Shape): string;
  scalar(value: number): string;
  /** int64 [n] */
  ints(values: readonly number[]): string;
  int32s(values: readonly number[], shape: Shape): string;
  /** The value's tensor in a layout. */
  laid(value: Value, layout: Layout): string;
  /** The same, with sides of 1 in front, so that it broadcasts as numpy's would in the program's layout. */
  stretched(value: Value, layout: Layout): string;
  /** How the value lies; undefined where it lies in no way yet. */
  layoutOf(value: Value): Layout | undefined;
  /** A graph input of random numbers, which the caller draws. */
  random(operation: Operation<'randomUniform'>): string;
  /** The variable's value at the start of the step. */
  variable(name: string): string;
  /** A graph input. */
  input(name: string): string;
  /** ONNX's number for what a value's tensor holds. */
  elementOf(value: Value): number;
}

export type Lowering<K extends OperationKind> = (
  site: Site,
  operation: Operation<K>,
) => readonly (Placed | Lazy)[];

/** A file's share of the table. */
export type Lowerings<K extends OperationKind> = { readonly [P in K]: Lowering<P> };

/** The inputs in order, as many as the kind has: Graph's functions see to that. */
export const operandsOf = ({ inputs }: Operation) =>
  inputs as unknown as readonly [Value, Value, Value, Value, Value];

export const outputOf = ({ outputs }: Operation): Value => outputs[0] as Value;
