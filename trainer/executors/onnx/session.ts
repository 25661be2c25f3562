// A program in the computing thread: what the caller may ask of it, checked here.
import type { Program } from '../../program/index.ts';
import {
  checkInputs,
  checkVariables,
  entryNamed,
  NATIVE_ARRAYS,
  variablesNamed,
} from '../checks.ts';
import type { ComputingThread } from '../computing-thread.ts';
import type { Session, Tensors } from '../executor.ts';
import { SingleCall } from '../single-call.ts';
import { WrittenVariables } from '../written-variables.ts';
import type { WorkerRequest } from './worker.ts';

type Thread = Pick<ComputingThread<WorkerRequest>, 'run' | 'end'>;

export class OnnxSession implements Session {
  readonly description: Session['description'];
  readonly #program: Program;
  readonly #thread: Thread;
  readonly #written: WrittenVariables;
  readonly #calls: SingleCall;

  constructor(program: Program, thread: Thread, description: Session['description']) {
    this.description = description;
    this.#program = program;
    this.#thread = thread;
    this.#written = new WrittenVariables(program);
    this.#calls = new SingleCall(() => thread.end());
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    const entry = entryNamed(this.#program, name);
    checkInputs(entry, inputs, NATIVE_ARRAYS);
    this.#written.requireFor(entry);
    const outputs = await this.#call(`entry ${name}`, { kind: 'run', entry: name, inputs });
    this.#written.addAssignedBy(entry);
    return outputs;
  }

  async read(names?: readonly string[]): Promise<Tensors> {
    const wanted = variablesNamed(this.#program, names);
    this.#written.require(wanted);
    return this.#call('read of variables', { kind: 'read', names: wanted });
  }

  async write(values: Tensors): Promise<void> {
    checkVariables(this.#program, values, NATIVE_ARRAYS);
    await this.#call('write of variables', { kind: 'write', values });
    this.#written.add(Object.keys(values));
  }

  close(): void {
    this.#calls.close();
  }

  #call(doing: string, request: WorkerRequest): Promise<Tensors> {
    return this.#calls.during(doing, () => this.#thread.run(doing, request));
  }
}
