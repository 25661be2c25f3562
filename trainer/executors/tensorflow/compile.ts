// A whole program as one TensorFlow graph: its variables, then every entry on top of them.
import type { Entry, Program } from '../../program/index.ts';
import type { CApi, Handle } from './c-api.ts';
import { lowerEntry } from './entry-graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Signature } from './run.ts';
import { addVariable, type VariableNodes } from './variables-graph.ts';

export interface CompiledProgram {
  readonly graph: Handle;
  readonly variables: ReadonlyMap<string, VariableNodes>;
  readonly signatures: ReadonlyMap<Entry, Signature>;
}

/** @throws ExecutorError naming the operation that TensorFlow refuses */
export function compileProgram(api: CApi, program: Program): CompiledProgram {
  const graph = api.newGraph();
  try {
    const builder = new GraphBuilder(api, graph);
    const variables = new Map(
      program.variables.map((variable) => [variable.name, addVariable(builder, variable)]),
    );
    const handles = new Map([...variables].map(([name, { handle }]) => [name, handle]));
    const signatures = new Map(
      Object.values(program.entries).map((entry) => [entry, lowerEntry(builder, handles, entry)]),
    );
    return { graph, variables, signatures };
  } catch (cause) {
    api.deleteGraph(graph);
    throw cause;
  }
}
