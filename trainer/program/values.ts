// What flows and what stays: values of one step, variables of a session.

/** What goes in and out. */
export type HostDtype = 'float32' | 'int32' | 'uint8';
/** What only operations hand each other: 8 bits of significand and float32's range, or 11 bits and numbers from 6e-8 to 65504. */
export type LowPrecision = 'bfloat16' | 'float16';
export type Dtype = HostDtype | LowPrecision;
export type Shape = readonly number[];

/** A tensor that an operation of the same entry yields. */
export interface Value<D extends Dtype = Dtype> {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: D;
}

/** What a caller may feed or fetch. */
export type HostValue = Value<HostDtype>;

/** What a variable is for. Only `parameter`s are trained and counted; `feedback` belongs to a learning rule, `architecture` is a supernet's alpha. */
export type VariableRole = 'parameter' | 'feedback' | 'statistic' | 'optimizer' | 'architecture';

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

export const sizeOf = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);
