// The step program: what one training or evaluation step computes, as plain data (design D8).
// Networks and learning rules write it through Graph; executors lower it (TensorFlow) or interpret it (reference).
// Tensors are NHWC, filters HWIO, row-major. float32 in production; the reference computes in float64.
import type { Attributes, OperationKind } from './operations.ts';

export type Dtype = 'float32' | 'int32' | 'uint8';
export type Shape = readonly number[];

/** A tensor that an operation of the same entry yields. */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** One operation; `name` is a path such as `cell3/edge1/sep/depthwise` that errors and profiles show. */
export interface Operation<K extends OperationKind = OperationKind> {
  readonly kind: K;
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes[K];
  readonly outputs: readonly Value[];
}

/** What a variable is for. Only `parameter`s are trained and counted; `feedback` belongs to a learning rule. */
export type VariableRole = 'parameter' | 'feedback' | 'statistic' | 'optimizer';

/** How a variable starts. `uniform` draws from [-bound, bound). */
export type Initializer =
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number };

/** float32 state that lives in the session between steps. */
export interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly role: VariableRole;
  readonly initializer: Initializer;
}

/** A change of a variable that takes effect after every read of the same step. */
export type Update =
  | { readonly kind: 'assign'; readonly variable: Variable; readonly value: Value }
  | {
      /** a <- momentum a + gradient; w <- w - rate (nesterov ? gradient + momentum a : a). */
      readonly kind: 'momentum';
      readonly variable: Variable;
      readonly accumulator: Variable;
      readonly gradient: Value;
      /** scalar */
      readonly rate: Value;
      readonly momentum: number;
      readonly nesterov: boolean;
    };

/** One thing a session can run: named inputs in, named outputs out, variables updated. */
export interface Entry {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Value>>;
  /** In an order in which every operation follows the ones it reads. */
  readonly operations: readonly Operation[];
  readonly outputs: Readonly<Record<string, Value>>;
  readonly updates: readonly Update[];
}

export interface Program {
  readonly variables: readonly Variable[];
  readonly entries: Readonly<Record<string, Entry>>;
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);
