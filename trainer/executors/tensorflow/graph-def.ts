// A program's graph in TensorFlow's own bytes (GraphDef), for loaders that take a file instead of a TF_Graph.
// Such loaders know tensors by name and can only fetch: a tensor that needs a signature's updates stands for them.
import type { Entry, HostValue, Program } from '../../program/index.ts';
import type { CApi, Handle, Output } from './c-api.ts';
import { type CompiledProgram, compileProgram } from './compile.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Signature } from './run.ts';
import { checked } from './status.ts';

/** `tensor` is its name in the graph, `node:output`. */
export type NamedTensor = Pick<HostValue, 'dtype' | 'shape'> & { readonly tensor: string };

/** What one run feeds and fetches, under the names that the program gives. */
export interface GraphSignature {
  readonly inputs: Readonly<Record<string, NamedTensor>>;
  readonly outputs: Readonly<Record<string, NamedTensor>>;
}

/** Output of every signature but `read`: a scalar that exists once all updates are done. */
const DONE = '.done';

export interface GraphDefinition {
  readonly graphDef: Uint8Array;
  readonly entries: ReadonlyMap<Entry, GraphSignature>;
  /** Every variable is an output of `read` and an input of `write`. */
  readonly read: GraphSignature;
  readonly write: GraphSignature;
}

type Typed = Readonly<Record<string, Pick<HostValue, 'dtype' | 'shape'>>>;

class GraphDefinitionWriter {
  readonly #api: CApi;
  readonly #compiled: CompiledProgram;
  readonly #builder: GraphBuilder;
  readonly #zero: Output;

  constructor(api: CApi, compiled: CompiledProgram) {
    this.#api = api;
    this.#compiled = compiled;
    this.#builder = new GraphBuilder(api, compiled.graph);
    const zero = { type: 'float32', shape: [], data: new Float32Array(1) } as const;
    this.#zero = this.#builder.constant('.done/zero', zero);
  }

  write(): GraphDefinition {
    const { signatures, variables } = this.#compiled;
    const nodes = [...variables.values()];
    const typed = Object.fromEntries(
      nodes.map(({ variable: { name, shape } }) => [name, { dtype: 'float32' as const, shape }]),
    );
    const entries = new Map(
      [...signatures].map(([entry, packed]) => [entry, this.#entry(entry, packed)]),
    );
    const values = nodes.map((node) => node.read);
    const placeholders = nodes.map(({ fed }) => fed);
    const writes = nodes.map((node) => node.write);
    const read = { inputs: {}, outputs: this.#named(typed, values) };
    const write = {
      inputs: this.#named(typed, placeholders),
      outputs: this.#done('write', writes),
    };
    return { graphDef: this.#bytes(), entries, read, write };
  }

  #entry(entry: Entry, { feeds, fetches, targets, targetCount }: Signature): GraphSignature {
    return {
      inputs: this.#named(entry.inputs, unpacked(feeds)),
      outputs: {
        ...this.#fetched(entry, unpacked(fetches)),
        ...this.#done(`run/${entry.name}`, [...targets.subarray(0, targetCount)]),
      },
    };
  }

  /** tfjs-node hands no bytes out, so they leave as int32. */
  #fetched({ name, outputs }: Entry, fetches: readonly Output[]): GraphSignature['outputs'] {
    const pairs = Object.entries(outputs).map(([output, value], i) => {
      const fetched = fetches[i] ?? this.#zero;
      return value.dtype === 'uint8'
        ? this.#named({ [output]: { dtype: 'int32', shape: value.shape } }, [
            this.#asInts(`.done/ints/${name}/${output}`, fetched),
          ])
        : this.#named({ [output]: value }, [fetched]);
    });
    return Object.assign({}, ...pairs);
  }

  #asInts(name: string, bytes: Output): Output {
    const attributes = { DstT: { type: 'int32' } } as const;
    return this.#builder.node({ type: 'Cast', name, inputs: [bytes], attributes });
  }

  #named(typed: Typed, outputs: readonly Output[]): GraphSignature['outputs'] {
    const named = Object.entries(typed).map(([name, { dtype, shape }], i) => {
      const { oper, index } = outputs[i] ?? this.#zero;
      return [name, { dtype, shape, tensor: `${this.#api.operationName(oper)}:${index}` }];
    });
    return Object.fromEntries(named);
  }

  #done(name: string, after: readonly Handle[]): GraphSignature['outputs'] {
    // A merge waits for its control inputs, but is there whether or not they are: updates may be absent.
    const definition = { type: 'Merge', name: `.done/${name}`, inputs: [[this.#zero]], after };
    return this.#named({ [DONE]: { dtype: 'float32', shape: [] } }, [
      this.#builder.node(definition),
    ]);
  }

  #bytes(): Uint8Array {
    const api = this.#api;
    const buffer = api.newBuffer();
    try {
      checked(api, 'TensorFlow could not write the graph', (status) =>
        api.graphToGraphDef(this.#compiled.graph, buffer, status),
      );
      // TF_Buffer: address, length, deallocator.
      const [address, length] = this.#words(buffer);
      const bytes = new Uint8Array(Number(length));
      api.copy(bytes, address, bytes.length);
      return bytes;
    } finally {
      api.deleteBuffer(buffer);
    }
  }

  #words(buffer: Handle): readonly [bigint, bigint] {
    const words = new BigUint64Array(2);
    this.#api.copy(words, buffer, words.byteLength);
    return [words[0] ?? 0n, words[1] ?? 0n];
  }
}

/** The inverse of packOutputs; what follows the last output is ignored by the reader. */
const unpacked = (packed: BigUint64Array): readonly Output[] =>
  Array.from({ length: packed.length / 2 }, (_, i) => ({
    oper: packed[2 * i] ?? 0n,
    index: Number(packed[2 * i + 1]),
  }));

/** @throws ExecutorError naming the operation that TensorFlow refuses */
export function writeGraphDefinition(api: CApi, program: Program): GraphDefinition {
  const compiled = compileProgram(api, program);
  try {
    return new GraphDefinitionWriter(api, compiled).write();
  } finally {
    api.deleteGraph(compiled.graph);
  }
}
