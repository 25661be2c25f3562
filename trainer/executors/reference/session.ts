// The reference session: variables are arrays in a map, a run interprets the entry.
import type { Program } from '../../program/index.ts';
import { type ArrayKinds, checkInputs, checkVariables, entryNamed } from '../checks.ts';
import { ExecutorError, type Session, type Tensor, type Tensors } from '../executor.ts';
import { WrittenVariables } from '../written-variables.ts';
import type { NdArray } from './array.ts';
import { interpret } from './interpreter.ts';
import type { Meeting } from './meeting.ts';

const ARRAY_KINDS: ArrayKinds = {
  float32: [Float64Array, Float32Array],
  int32: [Int32Array],
  uint8: [Uint8Array],
};

const toArray = ({ dtype, shape, data }: Tensor): NdArray => ({
  dtype,
  shape,
  data: Float64Array.from(data),
});

/** An entry gives out nothing low, so what is no float32 is whole numbers. */
function toTensor({ dtype, shape, data }: NdArray): Tensor {
  if (dtype === 'float32') return { dtype, shape, data: data.slice() };
  return dtype === 'int32'
    ? { dtype, shape, data: Int32Array.from(data) }
    : { dtype: 'uint8', shape, data: Uint8Array.from(data) };
}

const mapped = <A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

export class ReferenceSession implements Session {
  readonly description = { executor: 'reference', library: 'float64', device: 'CPU' };
  readonly #program: Program;
  readonly #meeting: Meeting;
  readonly #variables = new Map<string, NdArray>();
  readonly #written: WrittenVariables;
  #closed = false;

  constructor(program: Program, meeting: Meeting) {
    this.#program = program;
    this.#meeting = meeting;
    this.#written = new WrittenVariables(program);
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    this.#refuseIfClosed();
    const entry = entryNamed(this.#program, name);
    checkInputs(entry, inputs, ARRAY_KINDS);
    this.#written.requireFor(entry);
    const { outputs, variables } = await interpret(entry, {
      inputs: mapped(inputs, toArray),
      variables: this.#variables,
      meeting: this.#meeting,
    });
    for (const [variable, value] of variables) this.#variables.set(variable, value);
    this.#written.addAssignedBy(entry);
    return mapped(outputs, toTensor);
  }

  async read(names = this.#program.variables.map(({ name }) => name)): Promise<Tensors> {
    this.#refuseIfClosed();
    this.#written.require(names);
    return Object.fromEntries(names.map((name) => [name, toTensor(this.#named(name))]));
  }

  async write(values: Tensors): Promise<void> {
    this.#refuseIfClosed();
    checkVariables(this.#program, values, ARRAY_KINDS);
    for (const [name, value] of Object.entries(values)) this.#variables.set(name, toArray(value));
    this.#written.add(Object.keys(values));
  }

  close(): void {
    this.#closed = true;
  }

  #named(name: string): NdArray {
    const value = this.#variables.get(name);
    if (value === undefined) throw new ExecutorError(`the program has no variable ${name}`);
    return value;
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new ExecutorError('the session is closed');
  }
}
