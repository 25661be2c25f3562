// Graph collects the operations of one entry while a network is being written down.
// It knows no operator's meaning: the functions in ops/ compute shapes and call `emit`.
import type { Attributes, OperationKind } from './operations.ts';
import type { Entry, Operation, Program, Update } from './program.ts';
import type { Dtype, HostDtype, HostValue, Shape, Value, Variable } from './values.ts';

/** A program that cannot be: shapes that do not fit, a name used twice. Names the operation. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

export class Graph {
  readonly operations: Operation[] = [];
  readonly #inputs: Record<string, HostValue> = {};
  readonly #reads = new Map<string, Value>();
  readonly #constants = new Map<string, Value>();
  readonly #path: string[] = [];
  #next = 0;
  #inFull = false;

  /** Runs `body` with `segment` on every name it emits. */
  within<T>(segment: string, body: () => T): T {
    this.#path.push(segment);
    try {
      return body();
    } finally {
      this.#path.pop();
    }
  }

  /** Runs `body`: what it emits stays in float32 where a recipe asks for less. */
  inFull<T>(body: () => T): T {
    const before = this.#inFull;
    this.#inFull = true;
    try {
      return body();
    } finally {
      this.#inFull = before;
    }
  }

  get path(): string {
    return this.#path.join('/');
  }

  emit<K extends OperationKind>(
    kind: K,
    inputs: readonly Value[],
    attributes: Attributes[K],
    ...outputs: readonly (Shape | { shape: Shape; dtype: Dtype })[]
  ): Value[] {
    const values = outputs.map((output) => {
      const { shape, dtype } =
        'shape' in output ? output : { shape: output, dtype: 'float32' as const };
      return { id: this.#next++, shape, dtype };
    });
    const name = [...this.#path, `${kind}_${this.operations.length}`].join('/');
    const precision = this.#inFull ? { inFull: true } : {};
    this.operations.push({
      kind,
      name,
      inputs,
      attributes,
      outputs: values,
      ...precision,
    } as Operation);
    return values;
  }

  /** Emits an operation with a single output. */
  emitOne<K extends OperationKind>(
    kind: K,
    inputs: readonly Value[],
    attributes: Attributes[K],
    output: Shape | { shape: Shape; dtype: Dtype },
  ): Value {
    const [value] = this.emit(kind, inputs, attributes, output);
    if (value === undefined) throw new ProgramError(`${kind} gave no output`);
    return value;
  }

  /** Throws with the place where the network is being written. */
  refuse(problem: string): never {
    throw new ProgramError(`${this.path === '' ? 'program' : this.path}: ${problem}`);
  }

  input(name: string, shape: Shape, dtype: HostDtype = 'float32'): HostValue {
    const known = this.#inputs[name];
    if (known !== undefined) return known;
    const value = this.emitOne('input', [], { name }, { shape, dtype }) as HostValue;
    this.#inputs[name] = value;
    return value;
  }

  /** The variable's value at the start of the step: read once, shared by all who ask. */
  read(variable: Variable): Value {
    const known = this.#reads.get(variable.name);
    if (known !== undefined) return known;
    const value = this.emitOne('variable', [], { variable }, variable.shape);
    this.#reads.set(variable.name, value);
    return value;
  }

  constant(data: readonly number[], shape: Shape, dtype: Dtype = 'float32'): Value {
    const key = `${dtype} ${shape.join('x')}: ${data.join(',')}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = this.emitOne('constant', [], { data }, { shape, dtype });
    this.#constants.set(key, value);
    return value;
  }

  scalar(value: number): Value {
    return this.constant([value], []);
  }

  /** Outputs are no values of low precision: nothing casts before in-low-precision.ts does. */
  entry(
    name: string,
    outputs: Readonly<Record<string, Value>>,
    updates: readonly Update[] = [],
  ): Entry {
    const shown = outputs as Readonly<Record<string, HostValue>>;
    return { name, inputs: this.#inputs, operations: this.operations, outputs: shown, updates };
  }
}

/** Puts entries that share variables together, refusing two variables of one name. */
export function createProgram(variables: readonly Variable[], entries: readonly Entry[]): Program {
  const names = new Set<string>();
  for (const { name } of variables) {
    if (names.has(name)) throw new ProgramError(`two variables are named ${name}`);
    names.add(name);
  }
  return { variables, entries: Object.fromEntries(entries.map((entry) => [entry.name, entry])) };
}
