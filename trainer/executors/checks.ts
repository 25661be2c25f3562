// What every executor asks of its callers before it computes: known names, dtypes and shapes that fit.
import { type Entry, type HostDtype, type Program, type Shape, sizeOf } from '../program/index.ts';
import { type DeviceSettings, ExecutorError, type Tensor, type Tensors } from './executor.ts';

type Expected = Readonly<Record<string, { readonly dtype: HostDtype; readonly shape: Shape }>>;

/** Which arrays an executor takes for each dtype. */
export type ArrayKinds = Readonly<
  Record<HostDtype, readonly (new (n: number) => Tensor['data'])[]>
>;

/** Of executors that compute on the machine's own types. */
export const NATIVE_ARRAYS: ArrayKinds = {
  float32: [Float32Array],
  int32: [Int32Array],
  uint8: [Uint8Array],
};

export function entryNamed(program: Program, name: string): Entry {
  const entry = Object.hasOwn(program.entries, name) ? program.entries[name] : undefined;
  if (entry === undefined)
    throw new ExecutorError(
      `the program has no entry ${name}: it has ${listed(Object.keys(program.entries))}`,
    );
  return entry;
}

/** Whether workers meet in it. */
export const sumsUp = ({ operations }: Entry): boolean =>
  operations.some(({ kind }) => kind === 'allReduce');

export const isOfWorkers = ({ entries }: Program): boolean => Object.values(entries).some(sumsUp);

/** For executors that have no others to meet. @throws ExecutorError where the program has */
export function refuseWorkers(program: Program, executor: string): void {
  if (isOfWorkers(program))
    throw new ExecutorError(
      `the program is of several workers, and ${executor} is alone: they know each other by BIONAS_PEERS, and add up by the executor tensorflow`,
    );
}

/** For executors that cannot be told to. @throws ExecutorError */
export function refuseXla({ xla }: DeviceSettings, executor: string): void {
  if (xla)
    throw new ExecutorError(
      `training.device.xla: ${executor} does not compile by XLA; take the executor tensorflow, or leave it out`,
    );
}

/** Inputs must be exactly the entry's. */
export function checkInputs(entry: Entry, inputs: Tensors, kinds: ArrayKinds): void {
  const where = `entry ${entry.name}, input`;
  checkKnown(where, inputs, entry.inputs);
  const missing = Object.keys(entry.inputs).filter((name) => !Object.hasOwn(inputs, name));
  if (missing.length > 0)
    throw new ExecutorError(`entry ${entry.name}: no value for ${listed(missing)}`);
  checkTensors(where, inputs, { expected: entry.inputs, kinds });
}

/** The names, or those of all variables where there are none. @throws ExecutorError where the program has no such variable */
export function variablesNamed(
  { variables }: Program,
  names: readonly string[] | undefined,
): readonly string[] {
  const known = variables.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ExecutorError(`the program has no variable ${unknown}`);
  return names ?? known;
}

/** Some or all of the program's variables. */
export function checkVariables(program: Program, values: Tensors, kinds: ArrayKinds): void {
  const expected = Object.fromEntries(
    program.variables.map(({ name, shape }) => [name, { dtype: 'float32' as const, shape }]),
  );
  checkKnown('variable', values, expected);
  checkTensors('variable', values, { expected, kinds });
}

function checkKnown(where: string, values: Tensors, expected: Expected): void {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(expected, name));
  if (unknown.length > 0)
    throw new ExecutorError(
      `${where} ${listed(unknown)} is unknown: expected ${listed(Object.keys(expected))}`,
    );
}

function checkTensors(
  where: string,
  values: Tensors,
  { expected, kinds }: { expected: Expected; kinds: ArrayKinds },
): void {
  for (const [name, tensor] of Object.entries(values)) {
    const wanted = expected[name];
    if (wanted === undefined) continue;
    const problem = problemOf(tensor, wanted, kinds);
    if (problem !== undefined)
      throw new ExecutorError(
        `${where} ${name}: expected ${wanted.dtype} [${wanted.shape}], got ${problem}`,
      );
  }
}

function problemOf(
  { dtype, shape, data }: Tensor,
  wanted: { readonly dtype: HostDtype; readonly shape: Shape },
  kinds: ArrayKinds,
): string | undefined {
  const sameShape =
    shape.length === wanted.shape.length && shape.every((side, i) => side === wanted.shape[i]);
  if (dtype !== wanted.dtype || !sameShape) return `${dtype} [${shape}]`;
  if (!kinds[dtype].some((kind) => data instanceof kind))
    return `its data in a ${data.constructor.name}`;
  if (data.length !== sizeOf(shape)) return `${data.length} elements`;
  return undefined;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length === 0 ? 'none' : shown + (names.length > 8 ? ', ...' : '');
}
