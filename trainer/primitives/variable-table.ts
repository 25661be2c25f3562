// The variables of a network, declared by the layers that use them. Entries of one program share them by name.
import { type Graph, sizeOf, type Variable } from '../program/index.ts';

export class VariableTable {
  readonly #byName = new Map<string, Variable>();

  /** Declares a variable under the graph's current path, or returns the one declared there before. */
  declare(g: Graph, { name, ...rest }: Variable): Variable {
    const path = g.path === '' ? name : `${g.path}/${name}`;
    const known = this.#byName.get(path);
    if (known === undefined) {
      const variable = { name: path, ...rest };
      this.#byName.set(path, variable);
      return variable;
    }
    if (known.shape.join() !== rest.shape.join())
      g.refuse(`variable ${path} was declared as [${known.shape}], now as [${rest.shape}]`);
    return known;
  }

  get all(): readonly Variable[] {
    return [...this.#byName.values()];
  }

  get parameters(): readonly Variable[] {
    return this.all.filter(({ role }) => role === 'parameter');
  }

  /** Trained numbers; feedback weights and running statistics do not count. */
  get parameterCount(): number {
    return this.parameters.reduce((count, { shape }) => count + sizeOf(shape), 0);
  }
}
