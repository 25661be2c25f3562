// Lowers one entry of a program into the graph: its operations, its updates, and what a run feeds and fetches.
import type { Entry, Operation, Shape, Value } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import type { Handle, Output } from './c-api.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { lower, lowerUpdates, type Site } from './lowering/index.ts';
import { packSignature, type Signature } from './run.ts';
import type { ConstantType } from './tensors.ts';

const ARRAYS = {
  float32: (data: readonly number[]) => Float32Array.from(data),
  int32: (data: readonly number[]) => Int32Array.from(data),
  uint8: (data: readonly number[]) => Uint8Array.from(data),
  bool: (data: readonly number[]) => Uint8Array.from(data),
  uint64: (data: readonly number[]) => BigUint64Array.from(data, BigInt),
} as const satisfies Record<ConstantType, unknown>;

/** Constants up to this size are shared within an entry. */
const SHARED_ELEMENTS = 64;

class EntryGraph {
  readonly #builder: GraphBuilder;
  readonly #handles: ReadonlyMap<string, Output>;
  readonly #entry: Entry;
  readonly #outputs = new Map<Value, Output>();
  readonly #readers = new Map<string, Handle>();
  readonly #constants = new Map<string | symbol, Output>();

  constructor(builder: GraphBuilder, handles: ReadonlyMap<string, Output>, entry: Entry) {
    this.#builder = builder;
    this.#handles = handles;
    this.#entry = entry;
  }

  lower(): Signature {
    for (const operation of this.#entry.operations) this.#lowerOperation(operation);
    const { inputs, outputs } = this.#entry;
    return packSignature({
      feeds: Object.values(inputs).map((value) => this.#outputOf(value)),
      fetches: Object.entries(outputs).map(([name, value]) => this.#fetched(name, value)),
      targets: this.#lowerUpdates(),
    });
  }

  #lowerOperation(operation: Operation): void {
    const inputs = operation.inputs.map((value) => this.#outputOf(value));
    const outputs = lower(this.#siteOf(operation.name), inputs, operation);
    operation.outputs.forEach((value, i) => {
      const output = outputs[i];
      if (output !== undefined) this.#outputs.set(value, output);
    });
    const [first] = outputs;
    if ('variable' in operation.attributes && first !== undefined)
      this.#readers.set(operation.attributes.variable.name, first.oper);
  }

  #siteOf(name: string): Site {
    return {
      node: (type, inputs, attributes = {}, role = undefined) =>
        this.#builder.node({
          type,
          name: this.#path(role === undefined ? name : `${name}/${role}`),
          inputs,
          attributes,
        }),
      constant: (type, data, shape) => this.#constant(type, data, shape),
      ints: (values) => this.#constant('int32', values, [values.length]),
      handle: (variable) => this.#handle(variable),
      number: numberOf(this.#path(name)),
    };
  }

  #lowerUpdates(): readonly Handle[] {
    const site = {
      add: (node: Parameters<GraphBuilder['node']>[0]) =>
        this.#builder.node({ ...node, name: this.#path(node.name) }),
      scalar: (value: number) => this.#constant('float32', [value], []),
      outputOf: (value: Value) => this.#outputOf(value),
      handle: (variable: string) => this.#handle(variable),
      readerOf: (variable: string) => this.#readers.get(variable),
    };
    return lowerUpdates(site, this.#entry.updates);
  }

  /** TensorFlow refuses to fetch what it is fed, hence the identity. */
  #fetched(name: string, value: Value): Output {
    const output = this.#outputOf(value);
    const isFed = Object.values<Value>(this.#entry.inputs).includes(value);
    if (!isFed) return output;
    return this.#builder.node({
      type: 'Identity',
      name: this.#path(`.outputs/${name}`),
      inputs: [output],
    });
  }

  #constant(type: ConstantType, data: readonly number[], shape: Shape): Output {
    const create = () =>
      this.#builder.constant(this.#path(`.constants/${this.#constants.size}`), {
        type,
        shape,
        data: ARRAYS[type](data),
      });
    const key = data.length <= SHARED_ELEMENTS ? `${type} [${shape}] ${data}` : Symbol('unshared');
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const created = create();
    this.#constants.set(key, created);
    return created;
  }

  #outputOf(value: Value): Output {
    const output = this.#outputs.get(value);
    if (output === undefined)
      throw new ExecutorError(
        `entry ${this.#entry.name}: value ${value.id} is used before an operation yields it`,
      );
    return output;
  }

  #handle(variable: string): Output {
    const handle = this.#handles.get(variable);
    if (handle === undefined)
      throw new ExecutorError(
        `entry ${this.#entry.name}: variable ${variable} is not one of the program's`,
      );
    return handle;
  }

  #path(name: string): string {
    return `${this.#entry.name}/${name}`;
  }
}

/** 31 bits by FNV-1a: two names of one number are as good as impossible, and TensorFlow would say so. */
const numberOf = (name: string): number =>
  [...name].reduce(
    (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  ) & 0x7fffffff;

/** @param handles VarHandleOp of every variable of the program */
export const lowerEntry = (
  builder: GraphBuilder,
  handles: ReadonlyMap<string, Output>,
  entry: Entry,
): Signature => new EntryGraph(builder, handles, entry).lower();
