// A program on ONNX Runtime: a session of its own for each entry, made when it first runs; variables are fed to a run and taken
// from it, in buffers that stay here. Runs block the caller: this lives in the computing thread (worker.ts).
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Entry, Program, Value } from '../../program/index.ts';
import { ExecutorError, type Tensor, type Tensors } from '../executor.ts';
import { nativeDtype } from './elements.ts';
import { type EntryModel, outputTensor, writeEntryModel } from './entry-model.ts';
import { inputTensor, variableTensor } from './feeds.ts';
import type { Provider } from './lowering/index.ts';
import { drawUniform } from './philox.ts';
import { Variables } from './variables.ts';

export interface EngineOptions {
  readonly provider: Provider;
  /** Of one operation; 0: the machine's cores. */
  readonly threads: number;
  /** Whether ONNX Runtime may rewrite the graph; its further levels take seconds and make no step faster. */
  readonly rewrites: boolean;
}

interface Loaded extends Omit<EntryModel, 'bytes'> {
  readonly entry: Entry;
  readonly session: InferenceSession;
}

type OrtTensors = Record<string, OrtTensor>;

/** Errors only: what ONNX Runtime warns of are our empty branches. */
const SEVERITY_ERROR = 3;

const sessionOptions = ({ provider, threads, rewrites }: EngineOptions) =>
  ({
    executionProviders: [provider],
    intraOpNumThreads: threads,
    graphOptimizationLevel: rewrites ? 'basic' : 'disabled',
    logSeverityLevel: SEVERITY_ERROR,
    extra: {
      session: {
        // An operator that WebGPU lacks is told, not computed elsewhere.
        disable_cpu_ep_fallback: provider === 'cpu' ? '0' : '1',
        // Threads that wait for work leave the processor to others.
        intra_op: { allow_spinning: '0' },
      },
    },
  }) as const satisfies InferenceSession.SessionOptions;

export class Engine {
  readonly #program: Program;
  readonly #options: EngineOptions;
  readonly #models: ReadonlyMap<string, EntryModel>;
  readonly #loaded = new Map<string, Promise<Loaded>>();
  readonly #variables: Variables;

  /** @throws ExecutorError naming the operation that has no form in ONNX */
  constructor(program: Program, options: EngineOptions) {
    this.#program = program;
    this.#options = options;
    this.#variables = new Variables(program.variables);
    const named = new Map(program.variables.map((variable) => [variable.name, variable]));
    this.#models = new Map(
      Object.entries(program.entries).map(([name, entry]) => [
        name,
        writeEntryModel(entry, named, options.provider),
      ]),
    );
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    if (this.#isEmpty(name)) return {};
    const loaded = await this.#load(name);
    const { entry, session, changes } = loaded;
    const outputs = Object.keys(entry.outputs).map((output) => [outputTensor(output), null]);
    const next = changes.map(({ variable, tensor, always }) => [
      tensor,
      always ? this.#tensorOf(variable, this.#variables.spare(variable)) : null,
    ]);
    const fetched = await session.run(
      this.#feeds(loaded, inputs),
      Object.fromEntries([...outputs, ...next]),
    );
    this.#change(loaded, fetched);
    const shown = Object.entries(entry.outputs).map(([output, value]) => [
      output,
      this.#shown(value, { output, entry, tensor: fetched[outputTensor(output)] }),
    ]);
    return Object.fromEntries(shown);
  }

  read(names: readonly string[]): Tensors {
    return this.#variables.read(names);
  }

  write(values: Tensors): void {
    this.#variables.write(values);
  }

  /** ONNX Runtime takes no graph without nodes. */
  #isEmpty(name: string): boolean {
    const { outputs = {}, updates = [] } = this.#program.entries[name] ?? {};
    return Object.keys(outputs).length + updates.length === 0;
  }

  #load(name: string): Promise<Loaded> {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const created = this.#create(name);
    this.#loaded.set(name, created);
    return created;
  }

  async #create(name: string): Promise<Loaded> {
    const [entry, model] = [this.#program.entries[name], this.#models.get(name)];
    if (entry === undefined || model === undefined) throw new ExecutorError(`no entry ${name}`);
    const { bytes, ...rest } = model;
    const session = await InferenceSession.create(bytes, sessionOptions(this.#options));
    return { entry, session, ...rest };
  }

  #feeds({ entry, variables, draws }: Loaded, inputs: Tensors): OrtTensors {
    const fed = Object.entries(entry.inputs).flatMap(([name, { dtype, shape }]) => {
      const data = inputs[name]?.data;
      return data === undefined ? [] : [[inputTensor(name), this.#fed({ dtype, shape, data })]];
    });
    const kept = variables.map((name) => [
      variableTensor(name),
      this.#tensorOf(name, this.#variables.now(name)),
    ]);
    const drawn = draws.map(({ tensor, key, ...draw }) => [
      tensor,
      new OrtTensor('float32', drawUniform({ ...draw, key: inputs[key]?.data ?? [] }), draw.shape),
    ]);
    return Object.fromEntries([...fed, ...kept, ...drawn]);
  }

  #fed({ dtype, shape, data }: Tensor): OrtTensor {
    if (nativeDtype(dtype, this.#options.provider) === 'int32')
      return new OrtTensor('int32', Int32Array.from(data), shape);
    if (data instanceof Uint8Array) return new OrtTensor('uint8', data, shape);
    return new OrtTensor(
      'float32',
      data instanceof Float32Array ? data : Float32Array.from(data),
      shape,
    );
  }

  #tensorOf(variable: string, data: Float32Array): OrtTensor {
    return new OrtTensor('float32', data, this.#variables.shapeOf(variable));
  }

  #change({ changes }: Loaded, fetched: OrtTensors | InferenceSession.OnnxValueMapType): void {
    for (const { variable, tensor, always } of changes) {
      if (always) this.#variables.swap(variable);
      else {
        const data = fetched[tensor]?.data as Float32Array | undefined;
        if (data !== undefined && data.length > 0) this.#variables.set(variable, data);
      }
    }
  }

  #shown(
    { dtype, shape }: Value,
    { output, entry, tensor }: { output: string; entry: Entry; tensor: OrtTensor | undefined },
  ): Tensor {
    const data = tensor?.data as Tensor['data'] | undefined;
    const isThere = data !== undefined && tensor?.dims.every((side, i) => side === shape[i]);
    if (data === undefined || !isThere)
      throw new ExecutorError(`entry ${entry.name}: output ${output} is not there`);
    const typed = dtype === 'uint8' ? Uint8Array.from(data) : data;
    return { dtype: dtype as Tensor['dtype'], shape, data: typed };
  }
}
