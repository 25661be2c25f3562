// Collects nodes and initializers of an ONNX graph. It knows no operator; the converters do.
import {
  type AttributeValue,
  attributesOf,
  float32Tensor,
  int64Tensor,
  type OnnxNode,
  type OnnxTensor,
} from '../../onnx-model/index.ts';

export interface NodePlan {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** Operators whose third input is a bias. */
const BIASED: ReadonlySet<string> = new Set(['Conv', 'Gemm']);

export class GraphWriter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();

  /** Adds a node with one output, which bears the node's name. */
  node(opType: string, { name, inputs, attributes = {} }: NodePlan): string {
    const attribute = attributesOf(attributes);
    this.#nodes.push({ opType, name, input: inputs, output: [name], attribute });
    return name;
  }

  float32(name: string, dims: readonly number[], data: Float32Array): string {
    return this.#initializer(float32Tensor(name, dims, data));
  }

  /** A list of int64, shared by all who ask for the same numbers. */
  int64(values: readonly number[]): string {
    return this.#initializer(int64Tensor(`int64[${values.join()}]`, values));
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
