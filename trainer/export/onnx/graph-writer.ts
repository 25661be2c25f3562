// Collects nodes and initializers of an ONNX graph. It knows no operator; the converters do.
import {
  ATTRIBUTE,
  ELEMENT,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
} from './schema.ts';

/** A number is an int, numbers are ints; floats are said to be so. */
export type AttributeValue = number | readonly number[] | { readonly float: number };

export interface NodePlan {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value };
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float };
  return { name, type: ATTRIBUTE.ints, ints: value };
}

/** Operators whose third input is a bias. */
const BIASED: ReadonlySet<string> = new Set(['Conv', 'Gemm']);

export class GraphWriter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();

  /** Adds a node with one output, which bears the node's name. */
  node(opType: string, { name, inputs, attributes = {} }: NodePlan): string {
    this.#nodes.push({
      opType,
      name,
      input: inputs,
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    });
    return name;
  }

  float32(name: string, dims: readonly number[], data: Float32Array): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return this.#initializer({ name, dims, dataType: ELEMENT.float32, rawData });
  }

  /** A list of int64, shared by all who ask for the same numbers. */
  int64(values: readonly number[]): string {
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const name = `int64[${values.join()}]`;
    return this.#initializer({ name, dims: [values.length], dataType: ELEMENT.int64, rawData });
  }

  /** Whether the node behind `output` may have a bias and has none. */
  takesBias(output: string): boolean {
    const node = this.#nodes.find(({ name }) => name === output);
    return node !== undefined && BIASED.has(node.opType) && node.input.length === 2;
  }

  addBias(output: string, bias: string): void {
    const index = this.#nodes.findIndex(({ name }) => name === output);
    const node = this.#nodes[index];
    if (node !== undefined) this.#nodes[index] = { ...node, input: [...node.input, bias] };
  }

  /** The graph so far, with `output` called `name`; undefined where no node gives it. */
  finish(
    output: string,
    name: string,
  ): { node: readonly OnnxNode[]; initializer: readonly OnnxTensor[] } | undefined {
    if (!this.#nodes.some((node) => node.output.includes(output))) return undefined;
    const renamed = (names: readonly string[]) => names.map((old) => (old === output ? name : old));
    return {
      node: this.#nodes.map((node) => ({
        ...node,
        input: renamed(node.input),
        output: renamed(node.output),
      })),
      initializer: [...this.#initializers.values()],
    };
  }

  #initializer(tensor: OnnxTensor): string {
    this.#initializers.set(tensor.name, tensor);
    return tensor.name;
  }
}
