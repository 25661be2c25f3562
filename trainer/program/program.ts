// The step program: what one training or evaluation step computes, as plain data (design D8).
// Networks and learning rules write it through Graph; executors lower it (TensorFlow) or interpret it (reference).
// Tensors are NHWC, filters HWIO, row-major. float32 in production; the reference computes in float64.
import type { Attributes, OperationKind } from './operations.ts';
import type { HostValue, Value, Variable } from './values.ts';

/** One operation; `name` is a path such as `cell3/edge1/sep/depthwise` that errors and profiles show. */
export interface Operation<K extends OperationKind = OperationKind> {
  readonly kind: K;
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes[K];
  readonly outputs: readonly Value[];
  /** In float32 whatever the precision of the others (in-low-precision.ts). */
  readonly inFull?: true;
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
  readonly inputs: Readonly<Record<string, HostValue>>;
  /** In an order in which every operation follows the ones it reads. */
  readonly operations: readonly Operation[];
  readonly outputs: Readonly<Record<string, HostValue>>;
  readonly updates: readonly Update[];
}

export interface Program {
  readonly variables: readonly Variable[];
  readonly entries: Readonly<Record<string, Entry>>;
}
