// What a model is put together from: scopes (the graph, and branches within it), names and initializers. No operator is known here.
import {
  attributesOf,
  ELEMENT,
  type ElementType,
  float32Tensor,
  int64Tensor,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../../onnx-model/index.ts';
import { type Shape, sizeOf } from '../../program/index.ts';
import { ExecutorError } from '../executor.ts';
import type { NodeAttributes } from './lowering/index.ts';

/** ONNX 1.13: reductions take their axes as an input, ScatterElements adds. */
const OPSET = 18;
/** Of ONNX Runtime's own operators. */
const CONTRIBUTED = 'com.microsoft';
export const OPSETS = [
  { domain: '', version: OPSET },
  { domain: CONTRIBUTED, version: 1 },
] as const;
export const IR_VERSION = 8;

export interface NodePlan {
  readonly type: string;
  /** Made unique; the first output bears it, too. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs?: number;
  readonly attributes?: NodeAttributes;
}

/** Constants up to this size are shared within a model. */
const SHARED_ELEMENTS = 64;

export class ModelParts {
  readonly initializers: OnnxTensor[] = [];
  readonly #shared = new Map<string, string>();
  readonly #names = new Map<string, number>();

  unique(name: string): string {
    const known = this.#names.get(name) ?? 0;
    this.#names.set(name, known + 1);
    return known === 0 ? name : `${name}#${known}`;
  }

  floats(data: readonly number[], dims: Shape): string {
    return this.#share(`float32 [${dims}]`, data, (name) =>
      float32Tensor(name, dims, Float32Array.from(data)),
    );
  }

  int32s(data: readonly number[], dims: Shape): string {
    return this.#share(`int32 [${dims}]`, data, (name) => {
      const rawData = new Uint8Array(Int32Array.from(data).buffer);
      return { name, dims, dataType: ELEMENT.int32, rawData };
    });
  }

  ints(values: readonly number[]): string {
    return this.#share('int64', values, (name) => int64Tensor(name, values));
  }

  /** What an absent tensor leaves in its place: nothing, with a first side of 0; an absent number leaves a 0. */
  absent(dataType: ElementType, [first, ...sides]: Shape): string {
    const dims = first === undefined ? [] : [0, ...sides];
    const bytes = sizeOf(dims) * BYTES_OF_NUMBER;
    return this.#share(`absent ${dataType} [${dims}]`, [], (name) => ({
      name,
      dims,
      dataType,
      rawData: new Uint8Array(bytes),
    }));
  }

  #share(kind: string, data: readonly number[], create: (name: string) => OnnxTensor): string {
    const key = data.length <= SHARED_ELEMENTS ? `${kind} ${data}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.unique(`.constants/${this.initializers.length}`);
    this.initializers.push(create(name));
    if (key !== undefined) this.#shared.set(key, name);
    return name;
  }
}

const BYTES_OF_NUMBER = 4;

/** Nodes of the graph, or of a branch, which sees what is outside. */
export class Scope {
  readonly nodes: OnnxNode[] = [];
  readonly #parts: ModelParts;
  readonly #outer: Scope | undefined;
  readonly #known = new Map<string, string>();
  readonly #own = new Set<string>();

  constructor(parts: ModelParts, outer?: Scope) {
    this.#parts = parts;
    this.#outer = outer;
  }

  add({ type, name, inputs, outputs = 1, attributes = {} }: NodePlan): readonly string[] {
    const unique = this.#parts.unique(`${name}/${type}`);
    const named = Array.from({ length: outputs }, (_, i) => (i === 0 ? unique : `${unique}:${i}`));
    const attribute = attributesOf(attributes);
    const [domain, opType] = type.startsWith(`${CONTRIBUTED}.`)
      ? [CONTRIBUTED, type.slice(CONTRIBUTED.length + 1)]
      : ['', type];
    this.nodes.push({ opType, domain, name: unique, input: inputs, output: named, attribute });
    for (const each of named) this.#own.add(each);
    return named;
  }

  addOne(plan: NodePlan): string {
    const [output] = this.add(plan);
    if (output === undefined) throw new ExecutorError(`${plan.name}: ${plan.type} gave no output`);
    return output;
  }

  /** What was made under this key, here or outside, or what `create` makes here. */
  remember(key: string, create: () => string): string {
    const known = this.#find(key);
    if (known !== undefined) return known;
    const created = create();
    this.#known.set(key, created);
    return created;
  }

  /** Whether a node in here gives this tensor. */
  gives(tensor: string): boolean {
    return this.#own.has(tensor);
  }

  #find(key: string): string | undefined {
    return this.#known.get(key) ?? (this.#outer === undefined ? undefined : this.#outer.#find(key));
  }
}

/** A branch of If: it takes nothing and gives `outputs`. */
export const branchOf = (
  name: string,
  node: readonly OnnxNode[],
  outputs: readonly string[],
  elements: readonly ElementType[],
): OnnxGraph => ({
  name,
  node,
  initializer: [],
  input: [],
  output: outputs.map((output, i) => infoOf(output, elements[i] ?? ELEMENT.float32)),
});

export const infoOf = (name: string, elemType: ElementType, shape?: Shape): OnnxValueInfo => ({
  name,
  type: {
    tensorType: {
      elemType,
      ...(shape === undefined ? {} : { shape: { dim: shape.map((dimValue) => ({ dimValue })) } }),
    },
  },
});
