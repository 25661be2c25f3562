// A program in the session of a loaded SavedModel: entries are signatures, and so are the reading and writing of variables.
import type { Entry, Program } from '../../program/index.ts';
import { sizeOf } from '../../program/index.ts';
import {
  checkInputs,
  checkVariables,
  entryNamed,
  NATIVE_ARRAYS,
  variablesNamed,
} from '../checks.ts';
import type { Session, Tensors } from '../executor.ts';
import { SingleCall } from '../single-call.ts';
import { WrittenVariables } from '../written-variables.ts';
import { runOn, type TfjsThread } from './thread.ts';

export const READ = 'read';
export const WRITE = 'write';
export const signatureOf = ({ name }: Entry): string => `run/${name}`;

export class TfjsNodeSession implements Session {
  readonly description: Session['description'];
  readonly #program: Program;
  readonly #thread: TfjsThread;
  readonly #written: WrittenVariables;
  readonly #calls: SingleCall;

  private constructor(program: Program, thread: TfjsThread, description: Session['description']) {
    this.description = description;
    this.#program = program;
    this.#thread = thread;
    this.#written = new WrittenVariables(program);
    this.#calls = new SingleCall(() => thread.end());
  }

  /** A SavedModel reads and writes all variables or none, so all get a value at once; `#written` knows which count. */
  static async open(
    program: Program,
    thread: TfjsThread,
    description: Session['description'],
  ): Promise<TfjsNodeSession> {
    const zeros = program.variables.map(({ name, shape }) => [
      name,
      { dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) },
    ]);
    const inputs: Tensors = Object.fromEntries(zeros);
    await runOn(thread, 'first values of variables', { signature: WRITE, inputs, wanted: [] });
    return new TfjsNodeSession(program, thread, description);
  }

  async run(name: string, inputs: Tensors): Promise<Tensors> {
    const entry = entryNamed(this.#program, name);
    checkInputs(entry, inputs, NATIVE_ARRAYS);
    this.#written.requireFor(entry);
    const request = {
      signature: signatureOf(entry),
      inputs,
      wanted: Object.keys(entry.outputs),
    };
    const doing = `entry ${name}`;
    const outputs = await this.#calls.during(doing, () => runOn(this.#thread, doing, request));
    this.#written.addAssignedBy(entry);
    return typedAs(entry, outputs);
  }

  async read(names?: readonly string[]): Promise<Tensors> {
    const wanted = variablesNamed(this.#program, names);
    this.#written.require(wanted);
    const doing = 'read of variables';
    return this.#calls.during(doing, async () =>
      wanted.length === 0
        ? {}
        : runOn(this.#thread, doing, { signature: READ, inputs: {}, wanted }),
    );
  }

  async write(values: Tensors): Promise<void> {
    checkVariables(this.#program, values, NATIVE_ARRAYS);
    const names = Object.keys(values);
    const isPart = names.length < this.#program.variables.length;
    const others = isPart ? { otherInputsFrom: READ } : {};
    const doing = 'write of variables';
    await this.#calls.during(doing, () =>
      runOn(this.#thread, doing, { signature: WRITE, inputs: values, ...others, wanted: [] }),
    );
    this.#written.add(names);
  }

  close(): void {
    this.#calls.close();
  }
}

/** Bytes come as int32 (graph-def.ts). */
function typedAs({ outputs }: Entry, tensors: Tensors): Tensors {
  const typed = Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
    name,
    outputs[name]?.dtype === 'uint8'
      ? { dtype: 'uint8', shape, data: Uint8Array.from(data) }
      : { dtype, shape, data },
  ]);
  return Object.fromEntries(typed);
}
