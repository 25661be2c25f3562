// The nodes of a program's variables: their handles, and what `read` and `write` run.
import type { Variable } from '../../program/index.ts';
import type { Handle, Output } from './c-api.ts';
import type { GraphBuilder } from './graph-builder.ts';

export interface VariableNodes {
  readonly variable: Variable;
  /** VarHandleOp */
  readonly handle: Output;
  /** placeholder that `write` feeds */
  readonly fed: Output;
  readonly write: Handle;
  readonly read: Output;
}

/** The scope starts with a dot, so that no entry's name meets it. */
export function addVariable(builder: GraphBuilder, variable: Variable): VariableNodes {
  const { name, shape } = variable;
  const float = { type: 'float32' } as const;
  const typed = { dtype: float, shape: { shape } };
  const handle = builder.node({
    type: 'VarHandleOp',
    name: `.variables/handle/${name}`,
    attributes: { ...typed, shared_name: { text: name } },
  });
  const fed = builder.node({
    type: 'Placeholder',
    name: `.variables/value/${name}`,
    attributes: typed,
  });
  const write = builder.node({
    type: 'AssignVariableOp',
    name: `.variables/write/${name}`,
    inputs: [handle, fed],
  });
  const read = builder.node({
    type: 'ReadVariableOp',
    name: `.variables/read/${name}`,
    inputs: [handle],
    attributes: { dtype: float },
  });
  return { variable, handle, fed, write: write.oper, read };
}
