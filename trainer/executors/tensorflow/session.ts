// A program in a TensorFlow session: entries are runs of one graph, variables live in the session.
import type { HostValue, Program } from '../../program/index.ts';
import { checkInputs, checkVariables, entryNamed, NATIVE_ARRAYS, sumsUp } from '../checks.ts';
import { ExecutorError, type Session, type Tensor, type Tensors } from '../executor.ts';
import { SingleCall } from '../single-call.ts';
import { WrittenVariables } from '../written-variables.ts';
import type { CApi, Handle } from './c-api.ts';
import { type CompiledProgram, compileProgram } from './compile.ts';
import type { SessionConfig } from './config-proto.ts';
import { deviceOf, openNative, releaseNative } from './native-session.ts';
import { amongPeers } from './peer-loss.ts';
import { packSignature, runSession, type Signature } from './run.ts';
import { fromNative, toNative } from './tensors.ts';
import type { VariableNodes } from './variables-graph.ts';
import type { WorkerServer } from './worker-server.ts';

export interface SessionPlace {
  readonly config: SessionConfig;
  /** Of a program whose workers sum up. */
  readonly server?: WorkerServer | undefined;
}

interface Call {
  readonly signature: Signature;
  /** in the order of the signature */
  readonly fed: readonly Tensor[];
  readonly fetched: Readonly<Record<string, Pick<HostValue, 'dtype' | 'shape'>>>;
}

export class TensorFlowSession implements Session {
  readonly description: Session['description'];
  readonly #api: CApi;
  readonly #program: Program;
  readonly #compiled: CompiledProgram;
  readonly #session: Handle;
  readonly #server: WorkerServer | undefined;
  readonly #written: WrittenVariables;
  readonly #calls: SingleCall;

  /** @throws ExecutorError naming the operation that TensorFlow refuses */
  constructor(api: CApi, program: Program, place: SessionPlace) {
    this.#api = api;
    this.#program = program;
    this.#written = new WrittenVariables(program);
    this.#compiled = compileProgram(api, program);
    this.#server = place.server;
    this.#session = openNative(api, this.#compiled.graph, place);
    this.#calls = new SingleCall(() => releaseNative(api, this.#session, this.#compiled.graph));
    this.description = {
      executor: 'tensorflow',
      library: `TensorFlow ${api.version()} (oneDNN${place.config.xla ? ', XLA' : ''}) through koffi`,
      device: deviceOf(api, this.#session),
    };
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    const entry = entryNamed(this.#program, name);
    checkInputs(entry, inputs, NATIVE_ARRAYS);
    this.#written.requireFor(entry);
    const signature = this.#compiled.signatures.get(entry) ?? packSignature({});
    const fed = Object.keys(entry.inputs).flatMap((input) => inputs[input] ?? []);
    const doing = `entry ${name}`;
    const run = this.#call(doing, { signature, fed, fetched: entry.outputs });
    const outputs = await (this.#server !== undefined && sumsUp(entry)
      ? amongPeers(run, { doing, peers: this.#server.peers })
      : run);
    this.#written.addAssignedBy(entry);
    return outputs;
  }

  async read(names: readonly string[] = [...this.#compiled.variables.keys()]): Promise<Tensors> {
    const nodes = names.map((name) => this.#nodesOf(name));
    this.#written.require(names);
    const signature = packSignature({ fetches: nodes.map(({ read }) => read) });
    const fetched = Object.fromEntries(
      nodes.map(({ variable }) => [
        variable.name,
        { dtype: 'float32' as const, shape: variable.shape },
      ]),
    );
    return this.#call('read of variables', { signature, fed: [], fetched });
  }

  async write(values: Tensors): Promise<void> {
    checkVariables(this.#program, values, NATIVE_ARRAYS);
    const names = Object.keys(values);
    const nodes = names.map((name) => this.#nodesOf(name));
    const signature = packSignature({
      feeds: nodes.map(({ fed }) => fed),
      targets: nodes.map(({ write }) => write),
    });
    await this.#call('write of variables', { signature, fed: Object.values(values), fetched: {} });
    this.#written.add(names);
  }

  /** While a call runs, the session is released as soon as the call has settled. */
  close(): void {
    this.#calls.close();
  }

  #call(doing: string, { signature, fed, fetched }: Call): Promise<Tensors> {
    return this.#calls.during(doing, async () => {
      const feeds: Handle[] = [];
      try {
        for (const tensor of fed) feeds.push(toNative(this.#api, tensor));
        const handles = await runSession(this.#api, this.#session, { doing, signature, feeds });
        return this.#collect(handles, fetched);
      } finally {
        for (const feed of feeds) this.#api.deleteTensor(feed);
      }
    });
  }

  #collect(handles: readonly Handle[], fetched: Call['fetched']): Tensors {
    try {
      const tensors = Object.entries(fetched).map(([name, typed], i) => [
        name,
        fromNative(this.#api, handles[i] ?? 0n, typed),
      ]);
      return Object.fromEntries(tensors);
    } finally {
      for (const handle of handles) this.#api.deleteTensor(handle);
    }
  }

  #nodesOf(name: string): VariableNodes {
    const nodes = this.#compiled.variables.get(name);
    if (nodes === undefined) throw new ExecutorError(`the program has no variable ${name}`);
    return nodes;
  }
}
