// What an optimizer is: the updates that one parameter's gradient causes. Its moments are variables of the program.
import type { VariableTable } from '../../primitives/index.ts';
import type { Graph, Update, Value, Variable } from '../../program/index.ts';

export interface OptimizerPlace {
  readonly g: Graph;
  readonly variables: VariableTable;
  /** scalar: this step's learning rate */
  readonly rate: Value;
}

/** One for the whole program: `begin` writes what all parameters share, `update` is called once a parameter. */
export interface Optimizer {
  readonly begin: (at: OptimizerPlace) => {
    readonly updates: readonly Update[];
    readonly update: (parameter: Variable, gradient: Value) => readonly Update[];
  };
}
