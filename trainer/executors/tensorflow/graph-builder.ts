// Builds a TF_Graph node by node, so that a refused shape is reported under the name of the node that has it.
import type { Shape } from '../../program/index.ts';
import { type CApi, type Handle, type Output, packOutputs } from './c-api.ts';
import { checked, checkedHandle } from './status.ts';
import { createNative, dimensions, type NativeType, TYPES } from './tensors.ts';

/** Type attributes that follow from the inputs (`T`) need not be given. */
export type NodeAttribute =
  | { readonly type: NativeType }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly flag: boolean }
  | { readonly text: string }
  | { readonly shape: Shape };

export type NodeAttributes = Readonly<Record<string, NodeAttribute>>;

/** One output, or a list of them where the node takes a list (ConcatV2). */
export type NodeInput = Output | readonly Output[];

export interface NodeDefinition {
  readonly type: string;
  readonly name: string;
  readonly inputs?: readonly NodeInput[];
  readonly attributes?: NodeAttributes;
  /** nodes that must have run before */
  readonly after?: readonly Handle[];
}

export interface ConstantDefinition {
  readonly type: NativeType;
  readonly shape: Shape;
  readonly data: ArrayBufferView;
}

const encoder = new TextEncoder();

export class GraphBuilder {
  readonly api: CApi;
  readonly graph: Handle;

  constructor(api: CApi, graph: Handle) {
    this.api = api;
    this.graph = graph;
  }

  /** @returns the node's first output */
  node({ type, name, inputs = [], attributes = {}, after = [] }: NodeDefinition): Output {
    const { api } = this;
    const description = api.newOperation(this.graph, type, nodeName(name));
    for (const input of inputs) {
      if ('oper' in input) api.addInput(description, input);
      else api.addInputs(description, packOutputs(input), input.length);
    }
    for (const node of after) api.addControlInput(description, node);
    for (const [key, value] of Object.entries(attributes)) this.#set(description, key, value);
    return this.#finish(description, `${name} (${type})`);
  }

  constant(name: string, { type, shape, data }: ConstantDefinition): Output {
    const { api } = this;
    const description = api.newOperation(this.graph, 'Const', nodeName(name));
    const tensor = createNative(api, type, { shape, data });
    try {
      api.setType(description, 'dtype', TYPES[type]);
      checked(api, `TensorFlow refused the value of ${name}`, (status) =>
        api.setTensor(description, 'value', tensor, status),
      );
      return this.#finish(description, `${name} (Const)`);
    } finally {
      api.deleteTensor(tensor);
    }
  }

  #finish(description: Handle, what: string): Output {
    const oper = checkedHandle(this.api, `TensorFlow refused ${what}`, (status) =>
      this.api.finishOperation(description, status),
    );
    return { oper, index: 0 };
  }

  #set(description: Handle, name: string, value: NodeAttribute): void {
    const { api } = this;
    if ('type' in value) api.setType(description, name, TYPES[value.type]);
    else if ('int' in value) api.setInt(description, name, value.int);
    else if ('float' in value) api.setFloat(description, name, value.float);
    else if ('flag' in value) api.setFlag(description, name, value.flag ? 1 : 0);
    else if ('ints' in value)
      api.setInts(description, name, dimensions(value.ints), value.ints.length);
    else if ('shape' in value)
      api.setShape(description, name, dimensions(value.shape), value.shape.length);
    else api.setString(description, name, value.text, encoder.encode(value.text).byteLength);
  }
}

/** TensorFlow allows [A-Za-z0-9_>./\-]; the first character must be a letter, a digit or a dot. */
const nodeName = (name: string): string =>
  name.replace(/[^A-Za-z0-9_>./\\-]/g, '.').replace(/^[^A-Za-z0-9.]/, '.');

export const outputOf = ({ oper }: Output, index: number): Output => ({ oper, index });
