// A session's variables: the numbers of each, and a second buffer that the next step is written into, so that nothing is copied.
import type { Variable } from '../../program/index.ts';
import { sizeOf } from '../../program/index.ts';
import type { Tensors } from '../executor.ts';

interface Buffers {
  now: Float32Array;
  /** made when the first entry changes the variable */
  spare: Float32Array | undefined;
}

export class Variables {
  readonly #known: ReadonlyMap<string, Variable>;
  readonly #buffers = new Map<string, Buffers>();

  constructor(variables: readonly Variable[]) {
    this.#known = new Map(variables.map((variable) => [variable.name, variable]));
  }

  now(name: string): Float32Array {
    return this.#of(name).now;
  }

  /** Where a run may put the variable's next value. */
  spare(name: string): Float32Array {
    const buffers = this.#of(name);
    buffers.spare ??= new Float32Array(buffers.now.length);
    return buffers.spare;
  }

  /** The spare buffer holds the value now. */
  swap(name: string): void {
    const buffers = this.#of(name);
    const { now, spare = now } = buffers;
    buffers.now = spare;
    buffers.spare = now;
  }

  set(name: string, data: Float32Array): void {
    this.#of(name).now = data;
  }

  write(values: Tensors): void {
    for (const [name, { data }] of Object.entries(values)) this.#of(name).now.set(data);
  }

  read(names: readonly string[]): Tensors {
    const copies = names.map((name) => [
      name,
      { dtype: 'float32', shape: this.shapeOf(name), data: this.now(name).slice() },
    ]);
    return Object.fromEntries(copies);
  }

  shapeOf(name: string): readonly number[] {
    return this.#known.get(name)?.shape ?? [];
  }

  #of(name: string): Buffers {
    const known = this.#buffers.get(name);
    if (known !== undefined) return known;
    const created = { now: new Float32Array(sizeOf(this.shapeOf(name))), spare: undefined };
    this.#buffers.set(name, created);
    return created;
  }
}
